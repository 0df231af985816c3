"""An hour held against the same hour of other weeks. Pure: counts, calendars and the present go in, sentences' figures come out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from zoneinfo import ZoneInfo

MOST_WEEKS = 8
# Fewer weeks say nothing about what is usual.
FEWEST_WEEKS = 3
# How far back same days are looked for: holidays leave gaps.
LOOK_BACK = timedelta(days=70)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Hour:
    """What came in one hour."""

    offered: int = 0
    answered: int = 0
    judged: int = 0
    in_time: int = 0
    longest_seconds: int = 0

    @property
    def level(self) -> float | None:
        """The share answered in time; None where nothing was settled."""
        return self.in_time / self.judged if self.judged else None


@dataclass(frozen=True)
class Range:
    """The middle of some weeks, and the least and the most there was."""

    middle: float
    low: float
    high: float


@dataclass(frozen=True)
class Usual:
    """What is usual for an hour, from so many weeks; `level` is None where too few of them settled anything."""

    weeks: int
    offered: Range
    answered: Range
    level: Range | None
    longest: Range


def hour_of(moment: datetime, time_zone: str) -> datetime:
    """Return when the hour of a site's clock began that holds a moment, in UTC."""
    local = moment.astimezone(ZoneInfo(time_zone))
    into = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
    return moment.astimezone(UTC) - into


def same_hours(now: datetime, time_zone: str, exceptions: Mapping[date, int | None]) -> list[datetime]:
    """Return the beginnings of the same hour on the last up to eight days like today, the latest first.

    `exceptions` are dates that do not follow their weekday: a Sunday worked like a Monday is a Monday here, and a
    date on which all is closed is like no other day.
    """
    zone = ZoneInfo(time_zone)
    local = now.astimezone(zone)
    today = local.date()
    like = exceptions.get(today, today.weekday())
    if like is None:
        return []
    days = (today - timedelta(days=back) for back in range(1, LOOK_BACK.days + 1))
    alike = [day for day in days if exceptions.get(day, day.weekday()) == like][:MOST_WEEKS]
    return [datetime.combine(day, time(local.hour), zone).astimezone(UTC) for day in alike]


def usual(hours: Iterable[Hour]) -> Usual | None:
    """Return what is usual, or None when there are not enough weeks to say it."""
    hours = list(hours)
    if len(hours) < FEWEST_WEEKS:
        return None
    levels = [hour.level for hour in hours if hour.level is not None]
    return Usual(
        weeks=len(hours),
        offered=range_of(hour.offered for hour in hours),
        answered=range_of(hour.answered for hour in hours),
        level=range_of(levels) if len(levels) >= FEWEST_WEEKS else None,
        longest=range_of(hour.longest_seconds for hour in hours),
    )


def range_of(values: Iterable[float]) -> Range:
    """Return the median of some values with the least and the greatest of them."""
    values = list(values)
    return Range(median(values), min(values), max(values))
