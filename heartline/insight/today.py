"""The facts of today, kept in memory and brought up to date with whatever the ledger added since; any other day on demand.

Each process keeps its own. Nothing is stored: what is in memory always equals a recomputation from the ledger, which a
nightly duty checks (see `heartline.insight.tasks`).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from heartline.common.clock import day_bounds
from heartline.insight.facts import KINDS, OPENED, Facts, fold
from heartline.ledger.positions import START, Position
from heartline.ledger.queries import Recorded, head, read_about, read_after, read_day

# Today of every time zone is at most 25 hours old, on nights when clocks change; the rest is slack for forgetting.
KEPT = timedelta(hours=27)
SLACK = timedelta(hours=1)
# The clocks of several hosts differ a little: events may be stamped slightly in the future.
AHEAD = timedelta(days=1)
BATCH = 500
END = Position(2**62, 2**62)


@dataclass(frozen=True)
class Kept:
    """What is in memory: facts of contacts opened since a moment, with every event up to a place folded in."""

    facts: Facts
    since: datetime
    upto: Position


class DayStore:
    """A fold of recent events and the last event it took. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._facts: Facts = {}
        self._last: Recorded | None = None
        self._since: datetime | None = None

    def facts(self, now: datetime) -> Facts:
        """Return the facts of contacts opened since the start of today anywhere, all that is settled in the ledger included."""
        return self.kept(now).facts

    def kept(self, now: datetime) -> Kept:
        """Return what is kept, brought up to date."""
        with self._lock:
            since = now - KEPT
            if self._since is None or since < self._since - SLACK or not self._read_new():
                self._read_all(since)
            self._forget(since)
            upto = self._last.position if self._last else START
            return Kept(dict(self._facts), self._since or since, upto)

    def _read_all(self, since: datetime) -> None:
        self._last = _entry_at(head())
        self._facts = recompute(since, since + KEPT + AHEAD)
        self._since = since
        self._read_new()

    def _read_new(self) -> bool:
        """Fold in what is new; returns False when the last event we know has gone from the ledger.

        It goes when the sample company is removed or a backup is restored: then all of this is about another past.
        """
        place = START if self._last is None else _just_before(self._last.position)
        batch = read_after(place, BATCH)
        if self._last is not None and batch[:1] != [self._last]:
            return False
        while batch:
            self._facts = fold(self._facts, batch)
            self._last = batch[-1]
            batch = read_after(self._last.position, BATCH) if len(batch) == BATCH else []
        return True

    def _forget(self, since: datetime) -> None:
        if self._since is not None and since - self._since > SLACK:
            self._facts = {id: fact for id, fact in self._facts.items() if fact.opened_at >= since}
            self._since = since


STORE = DayStore()


def recompute(since: datetime, until: datetime, upto: Position = END) -> Facts:
    """Return the facts of contacts opened from one moment to another, from the ledger alone, as they stood at a place."""
    opened = [
        event.body["contact_id"] for event in read_day(since, until, frozenset({OPENED})) if event.position <= upto
    ]
    return fold({}, (event for event in read_about(opened, KINDS) if event.position <= upto))


def bounds_of(day: date | None, time_zone: str, now: datetime) -> tuple[datetime, datetime]:
    """Return the start and end in UTC of a local date, or of today in that time zone."""
    noon = datetime.combine(day, time(12), ZoneInfo(time_zone)).astimezone(UTC) if day else now
    return day_bounds(noon, time_zone)


def _just_before(place: Position) -> Position:
    return Position(place.tx, place.id - 1)


def _entry_at(place: Position) -> Recorded | None:
    return next(iter(read_after(_just_before(place), 1)), None) if place != START else None
