"""Public holidays out of a calendar file (iCalendar, RFC 5545): the days that are to come, each with its name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.errors import Invalid
from heartline.common.text import clean, has_han, one_line

LARGEST = 1_000_000
MOST_DAYS, LONGEST_EVENT = 200, 30
AHEAD = timedelta(days=550)
# A make-up workday in a calendar of holidays: which weekday it is like is not in the file.
MAKE_UP = ("班", "make-up", "makeup", "working day", "workday")


@dataclass(frozen=True)
class HolidayFound:
    """One day that a calendar names."""

    day: date
    name_en: str
    name_zh: str


@dataclass(frozen=True)
class Found:
    """The holidays of a calendar from a day on, and how many make-up workdays were left out of them."""

    days: tuple[HolidayFound, ...]
    make_up: int


def holidays_in(data: bytes, *, today: date) -> Found:
    """Return the whole-day events of a calendar file that are still to come; raises Invalid when it cannot be read."""
    from icalendar import Calendar  # loaded when a file comes: no start waits for it

    if len(data) > LARGEST:
        raise _unreadable()
    try:
        calendar = Calendar.from_ical(data)
        events = [event for event in calendar.walk("VEVENT") if _is_whole_day(event)]
        named = [
            (day, one_line(clean(str(event.get("SUMMARY", "")), 120), 120))
            for event in events
            for day in _days(event, today)
        ]
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError) as error:
        raise _unreadable() from error
    make_up = {day for day, name in named if any(word in name.lower() for word in MAKE_UP)}
    days = {day: name for day, name in named if day not in make_up and today <= day <= today + AHEAD}
    found = (_found(day, name) for day, name in sorted(days.items()))
    return Found(tuple(found)[:MOST_DAYS], len(make_up))


def _is_whole_day(event: Any) -> bool:
    start = event.decoded("DTSTART", None)
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    return isinstance(start, date) and not isinstance(start, datetime) and not cancelled


def _days(event: Any, today: date) -> Iterator[date]:
    """Yield the days of an event; one that comes every year is told for this year and the next two."""
    first = event.decoded("DTSTART")
    over = event.decoded("DTEND", None)
    length = min(LONGEST_EVENT, max(1, (over - first).days)) if isinstance(over, date) else 1
    rule = event.get("RRULE") or {}
    yearly = "YEARLY" in [str(word).upper() for word in rule.get("FREQ", [])] and set(rule) <= {
        "FREQ",
        "INTERVAL",
        "BYMONTH",
        "BYMONTHDAY",
        "UNTIL",
    }
    years = range(max(first.year, today.year), today.year + 3) if yearly else [first.year]
    until = [one.date() if isinstance(one, datetime) else one for one in rule.get("UNTIL", [])]
    starts = (moved for year in years if (moved := _in_year(first, year)) is not None)
    for start in takewhile(lambda one: not until or one <= until[0], starts):
        yield from (start + timedelta(days=offset) for offset in range(length))


def _in_year(day: date, year: int) -> date | None:
    try:
        return day.replace(year=year)
    except ValueError:  # the 29th of February
        return None


def _found(day: date, name: str) -> HolidayFound:
    name = name or day.isoformat()
    return HolidayFound(day, name, name if has_han(name) else "")


def _unreadable() -> Invalid:
    message = _("This is no calendar file that can be read. It ends in .ics and is at most 1 MB")
    return Invalid(message, fields={"file": message})
