"""The times that people snooze until most: pure."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

MORNING = time(9)
EVENING = time(17)


def snooze_times(now: datetime, zone: str) -> dict[str, datetime]:
    """Return the usual times by name, as a site's clock shows them; what has passed today is left out."""
    here = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None, second=0, microsecond=0)
    today = here.date()
    monday = today + timedelta(days=7 - today.weekday())
    found = {
        "hour": here + timedelta(hours=1),
        "evening": datetime.combine(today, EVENING),
        "tomorrow": datetime.combine(today + timedelta(days=1), MORNING),
        "monday": datetime.combine(monday, MORNING),
        "week": datetime.combine(today + timedelta(days=7), MORNING),
    }
    if found["evening"] <= found["hour"]:
        del found["evening"]
    if monday in (today + timedelta(days=1), today + timedelta(days=7)):
        del found["monday"]
    return found
