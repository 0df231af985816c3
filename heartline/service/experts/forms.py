"""What may be typed on the pages of experts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy

from heartline.conversations.consultations.actions.settings import hours_from
from heartline.conversations.consultations.models import AnswerTime, Expertise
from heartline.people.models import Skill
from heartline.people.rules import write_spans

QUIET = (
    ("yes", gettext_lazy("Ask me")),
    ("60", gettext_lazy("Not for an hour")),
    ("240", gettext_lazy("Not for four hours")),
    ("day", gettext_lazy("Not today")),
    ("off", gettext_lazy("Not until I say so")),
)


class ExpertiseForm(forms.Form):
    """How somebody wants to be asked: whether now, how many at once, and at which hours."""

    ask_me = forms.ChoiceField(label=gettext_lazy("Can you be asked?"), choices=QUIET)
    at_once = forms.IntegerField(
        label=gettext_lazy("Questions at once"),
        min_value=1,
        max_value=20,
        help_text=gettext_lazy("With this many open, the next goes to somebody else"),
    )

    def __init__(self, how: Expertise, now: datetime, *args: Any, **kwargs: Any) -> None:
        self.how, self.now, self.zone = how, now, how.person.site.time_zone
        quiet = bool(how.quiet_until and how.quiet_until > now)
        ask_me = "off" if not how.asks_me else "keep" if quiet else "yes"
        kwargs["initial"] = {"ask_me": ask_me, "at_once": how.at_once}
        super().__init__(*args, **kwargs)
        if quiet:
            choice: Any = self.fields["ask_me"]
            choice.choices = [("keep", gettext_lazy("Not for now, as it is")), *QUIET]
        for day, name in WEEKDAYS.items():
            spans = [(_time(start), _time(end)) for on, start, end in how.hours if on == day]
            self.fields[f"day_{day}"] = forms.CharField(
                label=name, required=False, max_length=100, initial=write_spans(spans)
            )

    @property
    def days(self) -> list[forms.BoundField]:
        """The fields of the week."""
        return [self[f"day_{day}"] for day in WEEKDAYS]

    def values(self) -> dict[str, Any]:
        """Return what was chosen, as it is kept."""
        data = self.cleaned_data
        hours = hours_from({day: data[f"day_{day}"] for day in WEEKDAYS if data[f"day_{day}"].strip()})
        return {"at_once": data["at_once"], "hours": hours, **self._asked(data["ask_me"])}

    def _asked(self, ask_me: str) -> dict[str, Any]:
        if ask_me == "keep":
            return {}
        until = None
        if ask_me == "day":
            local = self.now.astimezone(ZoneInfo(self.zone))
            until = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
        elif ask_me.isdecimal():
            until = self.now + timedelta(minutes=int(ask_me))
        return {"asks_me": ask_me != "off", "quiet_until": until}


class AnswerTimeForm(forms.ModelForm):  # type: ignore[type-arg]  # generic for type checkers only
    """How soon answers are due, for a skill or for all that have no time of their own."""

    class Meta:
        model = AnswerTime
        fields = ["skill", "answer_minutes", "take_minutes", "warn_minutes"]
        labels = {"skill": gettext_lazy("Skill")}
        help_texts = {
            "answer_minutes": gettext_lazy("Minutes in which the brand is open"),
            "take_minutes": gettext_lazy("Then it goes to the next who can answer"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        skill: Any = self.fields["skill"]
        skill.queryset = Skill.objects.order_by("name_en")
        skill.empty_label = gettext_lazy("All others")

    def validate_unique(self) -> None:
        """A skill that has a time already gets this one instead."""

    def values(self) -> dict[str, Any]:
        """Return the times."""
        return {name: self.cleaned_data[name] for name in ("answer_minutes", "take_minutes", "warn_minutes")}


def _time(text: str) -> Any:
    return datetime.strptime(text, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
