"""When a reply goes, and what may be asked for with it."""

from __future__ import annotations

from datetime import datetime, timedelta

LONGEST_HOLD = 30
FURTHEST = timedelta(days=365)
# The state a case may get in the same move as a reply; empty leaves it as it is.
AFTER = ("", "waiting_customer", "waiting_internal", "solved")
# What stands in a conversation until somebody decides or it goes.
OPEN = ("waiting", "stopped", "failed")


def due_at(now: datetime, hold_seconds: int, planned_for: datetime | None) -> datetime:
    """Return when a reply goes: at the time it is planned for, or when it was held long enough."""
    return planned_for or now + timedelta(seconds=min(hold_seconds, LONGEST_HOLD))


def is_plannable(now: datetime, planned_for: datetime) -> bool:
    """Return whether a reply can be planned for a moment: in time to come, within a year."""
    return now < planned_for <= now + FURTHEST
