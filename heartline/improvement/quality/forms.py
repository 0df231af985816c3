"""What may be typed on the pages of quality reviews."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heartline.conversations.models import Contact
from heartline.conversations.queries import contacts_for
from heartline.improvement.quality.models import CardVersion, CoachingNote, Draw, Scorecard
from heartline.improvement.quality.queries.samples import (
    drawable_queues,
    evaluators_for,
    usable_versions,
    who_had_a_hand_in,
)
from heartline.people.models import Person, Queue
from heartline.people.models.organisation import CHANNELS
from heartline.people.queries import Scope, teams_for

LONGEST_PERIOD = timedelta(days=92)


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d", attrs={"class": "input-short"})


class CardForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """A scorecard's names, and where it is used."""

    channels = forms.MultipleChoiceField(
        label=gettext_lazy("Channels"),
        choices=CHANNELS,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen means all"),
    )
    queues = forms.ModelMultipleChoiceField(
        Queue.objects.none(),
        label=gettext_lazy("Queues"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None chosen means all"),
    )

    class Meta:
        model = Scorecard
        fields = ["name_en", "name_zh", "channels", "queues"]

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queues: Any = self.fields["queues"]
        queues.queryset = drawable_queues(scope)

    def values(self) -> dict[str, Any]:
        """Return the fields of the row that was described."""
        return {name: self.cleaned_data[name] for name in ("name_en", "name_zh", "channels")}


class DrawForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """A sample: from what, by which rule, and who scores it."""

    evaluators: forms.ModelMultipleChoiceField[Person] = forms.ModelMultipleChoiceField(
        Person.objects.none(),
        label=gettext_lazy("Scored by"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Shared out evenly. Nobody gets a contact they had a hand in"),
    )

    class Meta:
        model = Draw
        fields = [
            "version", "kind", "count", "rating_up_to", "first_weeks", "first_day", "last_day", "team", "queue", "channel",
            "double_percent", "seed",
        ]  # fmt: skip
        labels = {"version": gettext_lazy("Scorecard")}
        widgets = {
            "first_day": DayInput(),
            "last_day": DayInput(),
            "kind": forms.RadioSelect,
        }
        help_texts = {
            "count": gettext_lazy("For each person and week; in all for ratings and long contacts"),
            "double_percent": gettext_lazy("This share goes to two people who do not see each other"),
            "seed": gettext_lazy("The same seed draws the same sample again. Left empty, one is made"),
        }

    def __init__(self, scope: Scope, today: date, *args: Any, **kwargs: Any) -> None:
        last_week = today - timedelta(days=today.weekday() + 7)
        kwargs["initial"] = {"first_day": last_week, "last_day": last_week + timedelta(days=6)}
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["version"].queryset = usable_versions(scope)
        fields["version"].label_from_instance = lambda version: version.card.name
        fields["version"].empty_label = None
        fields["kind"].choices = Draw.KINDS
        fields["team"].queryset, fields["team"].empty_label = teams_for(scope).order_by("id"), _("All my teams")
        fields["queue"].queryset, fields["queue"].empty_label = drawable_queues(scope), _("All my queues")
        fields["channel"].choices = [("", _("All channels")), *CHANNELS]
        fields["evaluators"].queryset = evaluators_for(scope)
        fields["seed"].required = False
        for name, least, most in (("count", 1, 50), ("rating_up_to", 1, 5), ("first_weeks", 1, 52)):
            _limit(fields[name], least, most)
        _limit(fields["double_percent"], 0, 100)

    def clean(self) -> dict[str, Any]:
        """Check that the days are a period that has begun, and not too long a one."""
        typed: dict[str, Any] = super().clean() or {}
        first, last = typed.get("first_day"), typed.get("last_day")
        if first and last and first > last:
            self.add_error("last_day", _("The last day comes before the first"))
        elif first and last and last - first > LONGEST_PERIOD:
            self.add_error("first_day", _("Draw from three months at most"))
        return typed


class CalibrationForm(forms.Form):
    """A contact that several score."""

    contact = forms.IntegerField(
        label=gettext_lazy("Number of the contact"),
        min_value=1,
        help_text=gettext_lazy("It stands on each review; from there this page opens with it filled in"),
    )
    version: forms.ModelChoiceField[CardVersion] = forms.ModelChoiceField(
        CardVersion.objects.none(), label=gettext_lazy("Scorecard"), empty_label=None
    )
    evaluators: forms.ModelMultipleChoiceField[Person] = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=gettext_lazy("Scored by"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, scope: Scope, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._scope = scope
        fields: Any = self.fields
        fields["version"].queryset = usable_versions(scope)
        fields["version"].label_from_instance = lambda version: version.card.name
        fields["evaluators"].queryset = evaluators_for(scope)

    def clean_contact(self) -> Contact:
        """Find the contact among those one may see."""
        contacts = contacts_for(self._scope).exclude(assignee=None).filter(state="ended")
        found = contacts.select_related("case").filter(pk=self.cleaned_data["contact"]).first()
        if found is None:
            raise forms.ValidationError(_("There is no such contact, or it has not ended"))
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse those who had a hand in the contact, by name."""
        typed: dict[str, Any] = super().clean() or {}
        contact, chosen = typed.get("contact"), typed.get("evaluators")
        if contact and chosen:
            hands = who_had_a_hand_in([contact.pk])[contact.pk]
            names = ", ".join(one.name for one in chosen if one.pk in hands)
            if names:
                self.add_error("evaluators", _("Had a hand in this contact: %(names)s") % {"names": names})
        return typed


class NoteForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """A coaching note."""

    class Meta:
        model = CoachingNote
        fields = ["text", "next_step", "due_on"]
        widgets = {"text": forms.Textarea({"rows": 5}), "due_on": DayInput()}
        help_texts = {
            "text": gettext_lazy("Your colleague reads this at once. Link messages instead of naming a customer"),
            "next_step": gettext_lazy("One thing, small enough to try this week"),
        }


def _limit(field: Any, least: int, most: int) -> None:
    field.min_value, field.max_value = least, most
    field.widget.attrs.update({"min": least, "max": most, "class": "input-short"})
    field.validators += forms.IntegerField(min_value=least, max_value=most).validators
