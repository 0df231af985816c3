"""The times that people snooze until most: pure."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9)
EVENING = time(17)


def snooze_times(now: datetime, zone: str) -> dict[str, datetime]:
    """Return the usual times by name, in a site's time zone; what has passed today is left out.

    An hour is an hour, also in the night in which the clock shows one twice.
    """
    there = ZoneInfo(zone)
    today = now.astimezone(there).date()
    monday = today + timedelta(days=7 - today.weekday())
    found = {
        "hour": (now.astimezone(UTC) + timedelta(hours=1)).astimezone(there).replace(second=0, microsecond=0),
        "evening": datetime.combine(today, EVENING, there),
        "tomorrow": datetime.combine(today + timedelta(days=1), MORNING, there),
        "monday": datetime.combine(monday, MORNING, there),
        "week": datetime.combine(today + timedelta(days=7), MORNING, there),
    }
    if found["evening"] <= found["hour"]:
        del found["evening"]
    if monday in (today + timedelta(days=1), today + timedelta(days=7)):
        del found["monday"]
    return found
