"""Sentences of the front hall that depend on how things stand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.conversations.models import Case
from heartline.reception.rules import DayHours
from heartline.ui import formats

ALL_DAY = "00:00–24:00"
LAST_PART = timedelta(minutes=30)


def week_words(week: Iterable[DayHours]) -> list[str]:
    """Return a week's hours as people say them, days that are closed left out."""
    return [_line(day) for day in week if day.hours]


def tone_of(due: datetime | None, now: datetime) -> str:
    """Return the class of a due time: none while there is time, waiting in its last half hour, late after it."""
    if due is None or due - now > LAST_PART:
        return ""
    return "is-waiting" if due >= now else "is-late"


def case_sentence(case: Case) -> str:
    """Return how a case stands, as its customer is told."""
    name = case.owner.customer_sees if case.owner else ""
    live = case.contacts.filter(state="active").exists()
    if case.state in ("solved", "closed"):
        return _("We think this is solved. If it is not, write below and it is open again")
    if live and name:
        return _("%(name)s is working on it now") % {"name": name}
    if case.state == "waiting_customer":
        return _("We are waiting for your answer")
    if name:
        return _("%(name)s looks after it") % {"name": name}
    return _("It is in line. The next free person takes it")


def _line(day: DayHours) -> str:
    if (day.first, day.last, day.hours) == (0, 6, ALL_DAY):
        return _("day and night")
    hours = _("all day") if day.hours == ALL_DAY else day.hours
    if (day.first, day.last) == (0, 6):
        return _("every day %(hours)s") % {"hours": hours}
    names = formats.words(get_language() or "en")["weekdays"].split()
    if day.first == day.last:
        return _("%(day)s %(hours)s") % {"day": names[day.first], "hours": hours}
    return _("%(first)s to %(last)s %(hours)s") % {"first": names[day.first], "last": names[day.last], "hours": hours}
