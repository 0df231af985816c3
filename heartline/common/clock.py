"""The one clock. Pages and duties read it once and pass `now` down; nothing else asks what time it is."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo


def now() -> datetime:
    """Return the current time in UTC, shifted by the fault tests' offset file when one is set."""
    return datetime.now(UTC) + _offset()


def _offset() -> timedelta:
    path = os.environ.get("HEARTLINE_CLOCK_OFFSET_FILE")
    if not path:
        return timedelta()
    try:
        return timedelta(seconds=float(Path(path).read_text()))
    except (OSError, ValueError):
        return timedelta()


def day_bounds(moment: datetime, time_zone: str) -> tuple[datetime, datetime]:
    """Return the UTC start and end of the local calendar day that holds `moment`.

    A local day is 23 or 25 hours long on the nights when clocks change.
    """
    zone = ZoneInfo(time_zone)
    local = moment.astimezone(zone)
    start = datetime(local.year, local.month, local.day, tzinfo=zone)
    following = start.date() + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)
