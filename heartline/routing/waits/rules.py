"""Which half hours of other weeks are like this one. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

HALF_HOUR = timedelta(minutes=30)
WEEKS = 8
# How long contacts take may have changed since last week: the last hours of today count as well.
TODAY = timedelta(hours=2)


def half_hour_of(moment: datetime) -> datetime:
    """Return when the half hour of a moment began, in UTC."""
    seconds = int(HALF_HOUR.total_seconds())
    return datetime.fromtimestamp(int(moment.timestamp()) // seconds * seconds, UTC)


def same_half_hours(now: datetime, time_zone: str) -> list[datetime]:
    """Return the same half hour of the same weekday in the last weeks, by the clock on the wall there."""
    local = half_hour_of(now).astimezone(ZoneInfo(time_zone))
    return [(local - timedelta(weeks=back)).astimezone(UTC) for back in range(1, WEEKS + 1)]
