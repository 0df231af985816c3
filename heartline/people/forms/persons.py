"""Forms of people: added or changed by an administrator, invited, and changing what is their own."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from heartline.people.forms.organisation import LevelsMixin
from heartline.people.models import Person
from heartline.people.models.organisation import CHANNELS, LANGUAGES
from heartline.people.models.person import PersonSkill
from heartline.people.setup_actions.persons import USUAL_LIMITS, Abilities

MOST_AT_ONCE = 20


class PersonForm(LevelsMixin, forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """Who somebody is, what they are here for, and what they can do."""

    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages they serve in"),
        choices=LANGUAGES,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Person
        fields = ["name", "public_name", "email", "role", "site", "language", "teams"]
        widgets = {"teams": forms.CheckboxSelectMultiple, "email": forms.EmailInput(attrs={"autocomplete": "off"})}
        help_texts = {
            "public_name": gettext_lazy("Empty: customers see the name"),
            "email": gettext_lazy("They sign in with it"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person, limits, levels = self.instance, USUAL_LIMITS, {}
        if person.pk:
            limits = dict(person.capacities.values_list("channel", "limit"))
            levels = dict(PersonSkill.objects.filter(person=person).values_list("skill_id", "level"))
            self.initial["languages"] = list(person.languages.values_list("language", flat=True))
        self.add_levels(levels, _("None"))
        for channel, name in CHANNELS:
            self.fields[f"limit_{channel}"] = forms.IntegerField(
                label=name, min_value=0, max_value=MOST_AT_ONCE, required=False, initial=limits.get(channel, 0)
            )

    def clean_email(self) -> str:
        """Return the address as it is kept; two people never share one, whatever the case of its letters."""
        address: str = self.cleaned_data["email"].lower()
        if Person.objects.filter(email__iexact=address).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("Somebody has this address already"))
        return address

    def limit_fields(self) -> list[forms.BoundField]:
        """Return the fields of capacity, for the page."""
        return [self[name] for name in self.fields if name.startswith("limit_")]

    def values(self) -> dict[str, Any]:
        """Return the person's own fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields if name != "teams"}

    def abilities(self) -> Abilities:
        """Return what the person is given."""
        limits = {channel: self.cleaned_data.get(f"limit_{channel}") or 0 for channel, _name in CHANNELS}
        return Abilities(
            teams=list(self.cleaned_data["teams"]),
            levels=self.levels(),
            languages=tuple(self.cleaned_data["languages"]),
            limits=limits,
        )


class NewPasswordForm(forms.Form):
    """A password, written once and shown on demand."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 10 characters. A few words in a row are good"),
    )

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        """Refuse a password that is short, common, or about the person."""
        password: str = get_adapter().clean_password(self.cleaned_data["password"], user=self.person)
        return password


class OwnAccountForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """What people decide for themselves."""

    class Meta:
        model = Person
        fields = ["public_name"]
        help_texts = {"public_name": gettext_lazy("Empty: customers see the name")}
