"""Periods and their parts in a time zone: days of 23 or 25 hours, weeks, months, quarters of an hour. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Every = Literal["quarter", "half", "hour", "day", "week", "month"]
MINUTES: dict[str, int] = {"quarter": 15, "half": 30, "hour": 60}
# More parts than this are no table anybody reads.
MOST_PARTS = 400
YEAR_BACK = timedelta(weeks=52)  # the same weekdays

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Period:
    """Whole local days, the last one included, in a time zone."""

    first: date
    last: date
    zone: str

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        """The first instant after it."""
        return midnight(self.last + timedelta(days=1), self.zone)

    def moved(self, days: int) -> Period:
        """Return it so many days later."""
        return Period(self.first + timedelta(days=days), self.last + timedelta(days=days), self.zone)

    def before(self) -> Period:
        """Return as many days right before it."""
        return self.moved(-self.days)

    def year_before(self) -> Period:
        """Return it 52 weeks before: the same weekdays of last year."""
        return self.moved(-YEAR_BACK.days)

    def so_far(self, then: Period, now: datetime) -> Span:
        """Return as much of another period as has passed of this one: a running day is compared with as long a piece."""
        passed = min(self.end, max(self.start, now)) - self.start
        return then.start, then.end if now >= self.end else min(then.end, then.start + passed)


def midnight(day: date, zone: str) -> datetime:
    """Return the first instant of a local day, in UTC."""
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def parts(period: Period, every: Every) -> list[Span]:
    """Return the parts of a period; together they are the whole of it, without gaps, on every night of the year."""
    return list(_clock_parts(period, MINUTES[every]) if every in MINUTES else _calendar_parts(period, every))


def finest(period: Period) -> list[Every]:
    """Return the parts a period may be shown in, so that there are never too many of them."""
    found: list[Every] = [name for name, minutes in MINUTES.items() if period.days * 1440 / minutes <= MOST_PARTS]  # type: ignore[misc] # its keys are
    return [*found, "day", "week", "month"] if period.days <= MOST_PARTS else ["week", "month"]


def label(start: datetime, every: Every, zone: str) -> str:
    """Return a part as it is written; on the night when an hour comes twice, each says which it is."""
    here = start.astimezone(ZoneInfo(zone))
    if every in MINUTES:
        twice = here.replace(fold=0).utcoffset() != here.replace(fold=1).utcoffset()
        return f"{here:%Y-%m-%d %H:%M}" + (f" ({here:%z})" if twice else "")
    if every == "week":
        year, week, _day = here.isocalendar()
        return f"{year}-W{week:02}"
    return f"{here:%Y-%m}" if every == "month" else f"{here:%Y-%m-%d}"


def _clock_parts(period: Period, minutes: int) -> Iterator[Span]:
    """Real minutes from each midnight on: the day on which clocks change has four quarters more, or fewer, an hour."""
    day, step = period.first, timedelta(minutes=minutes)
    while day <= period.last:
        at, end = midnight(day, period.zone), midnight(day + timedelta(days=1), period.zone)
        while at < end:
            yield at, min(at + step, end)
            at += step
        day += timedelta(days=1)


def _calendar_parts(period: Period, every: Every) -> Iterator[Span]:
    day = period.first
    while day <= period.last:
        following = min(_next(day, every), period.last + timedelta(days=1))
        yield midnight(day, period.zone), midnight(following, period.zone)
        day = following


def _next(day: date, every: Every) -> date:
    if every == "week":
        return day + timedelta(days=7 - day.weekday())
    if every == "month":
        return (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    return day + timedelta(days=1)
