"""Who owns what we owe, by when it is due, and when its owner is warned."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from heartline.people.rules import HORIZON_DAYS, Calendar

NOON = time(12)
WITHOUT_HOURS = timedelta(hours=24)
WARN_BEFORE = timedelta(minutes=30)

# Who is asked first. Each word is kept with the follow-up, so that its owner can see why it is theirs.
OWNER_ORDER = ("asked", "case_owner", "supervisor", "admin", "team", "anybody")


@dataclass(frozen=True)
class Candidate:
    """Somebody active who could own a follow-up, why they could, and how many they own already."""

    person_id: int
    why: str
    owned: int = 0


def choose_owner(candidates: Iterable[Candidate]) -> Candidate | None:
    """Return who should own it: the closest to the case, among equals who owns least; None only of nobody."""
    return min(
        candidates,
        key=lambda one: (OWNER_ORDER.index(one.why), one.owned, one.person_id),
        default=None,
    )


def low_score_due(calendar: Calendar, now: datetime) -> datetime:
    """Return when a low score must have been answered: noon of the next working day, in the brand's time.

    A brand without any hours has 24. Where noon is outside the hours of that day, the last closing before
    noon counts, or one hour after the doors open: the earlier reading of two breaks no promise.
    """
    today = now.astimezone(ZoneInfo(calendar.time_zone)).date()
    for offset in range(1, HORIZON_DAYS):
        spans = calendar.spans_on(today + timedelta(days=offset))
        if spans:
            return _by_noon(spans, _noon(today + timedelta(days=offset), calendar.time_zone))
    return now + WITHOUT_HOURS


def warning_time(opened_at: datetime, due_at: datetime) -> datetime:
    """Return when the owner is warned: half an hour before it is due, or half-way when there is less time."""
    return due_at - min(WARN_BEFORE, max(due_at - opened_at, timedelta()) / 2)


def lateness(due_at: datetime, done_at: datetime) -> timedelta:
    """Return by how much it was late; nothing when it was in time."""
    return max(done_at - due_at, timedelta())


def says_something(outcome: str) -> bool:
    """Return whether an outcome is in words: a dot or a dash says nothing."""
    return any(character.isalnum() for character in outcome)


def _by_noon(spans: list[tuple[datetime, datetime]], noon: datetime) -> datetime:
    before = [end for start, end in spans if start < noon]
    if before:
        return min(max(before), noon)
    start, end = spans[0]
    return min(start + timedelta(hours=1), end)


def _noon(day: date, time_zone: str) -> datetime:
    return datetime.combine(day, NOON, ZoneInfo(time_zone)).astimezone(UTC)
