"""What a message from a browser leads to, depending on how its last contact stands. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

# A stream that has sent nothing for this long is gone; whoever waits is then thought to have left.
SILENT_AFTER = timedelta(seconds=150)
# Whoever comes back within this time waits on at the old place.
RESUME_WITHIN = timedelta(minutes=15)
# A matter taken up again within this time is the same case.
SAME_CASE_FOR = timedelta(days=30)

Step = Literal["add", "resume", "same_case", "new_case"]


def next_step(state: str, *, left: str, ended_at: datetime | None, case_opened_at: datetime, now: datetime) -> Step:
    """Return what a new message does: join the contact, take up its place again, or open another contact.

    `left` is how the customer left while waiting: silent, left or callback; empty when they did not.
    """
    if state in ("waiting", "active"):
        return "add"
    if may_resume(state, left=left, ended_at=ended_at, now=now):
        return "resume"
    return "same_case" if now - case_opened_at < SAME_CASE_FOR else "new_case"


def may_resume(state: str, *, left: str, ended_at: datetime | None, now: datetime) -> bool:
    """Return whether somebody who fell silent may still have their place back."""
    fell_silent = state == "abandoned" and left == "silent" and ended_at is not None
    return bool(fell_silent and ended_at and now - ended_at < RESUME_WITHIN)


def wait_shown(
    wait: tuple[int, int] | None, told: tuple[int, int] | None, *, asked_at: datetime, now: datetime
) -> tuple[str, tuple[int, int] | None]:
    """Return what may be said about a wait: unknown, as_told, or longer than was told, with the range of minutes.

    The time already waited counts: somebody who was told five minutes and has waited six is told the truth.
    """
    if wait is None:
        return "unknown", None
    waited = (now - asked_at).total_seconds() / 60
    longer = told is not None and waited + wait[0] > told[1]
    return ("longer" if longer else "as_told"), wait
