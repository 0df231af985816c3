"""What people were doing and when, folded from presence and from contacts in hand. Pure.

Spans of one person never overlap: with several contacts at once a minute still is one minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from heartline.insight.facts.rows import Span
from heartline.ledger.queries import Recorded

UNKNOWN = "unknown"
PRESENCE = "people.presence_changed"
TAKEN = frozenset({"conversations.contact_answered", "conversations.contact_moved"})
# Wrap-up is work: a contact leaves a person's hands when it is finished or goes on, not when the talk ends.
SPAN_KINDS = frozenset({PRESENCE, *TAKEN, "conversations.contact_returned", "conversations.contact_finished"})


@dataclass(frozen=True, slots=True)
class Doing:
    """What a person is doing since a moment."""

    since: datetime
    presence: str = UNKNOWN
    in_hand: frozenset[int] = frozenset()

    def until(self, person_id: int, end: datetime) -> Span:
        """Return it as a span that ends at a moment."""
        return Span(
            person_id=person_id,
            started_at=self.since,
            ended_at=max(end, self.since),
            presence=self.presence,
            in_hand=len(self.in_hand),
        )

    def as_json(self) -> list[Any]:
        """Return it as plain values."""
        return [self.since.isoformat(), self.presence, sorted(self.in_hand)]

    @classmethod
    def from_json(cls, kept: list[Any]) -> Doing:
        """Return what plain values say."""
        return cls(datetime.fromisoformat(kept[0]), kept[1], frozenset(kept[2]))


@dataclass(frozen=True)
class Doings:
    """What everybody is doing, and which contact is in whose hands."""

    people: Mapping[int, Doing]

    def open_spans(self, now: datetime) -> list[Span]:
        """Return what goes on, as if it ended now."""
        return [doing.until(id, now) for id, doing in self.people.items() if now > doing.since]


class Watch:
    """Follows what everybody is doing, event by event, and remembers no more than that."""

    def __init__(self, before: Doings) -> None:
        self._people = dict(before.people)
        self._holders = {contact_id: id for id, doing in self._people.items() for contact_id in doing.in_hand}

    @property
    def doings(self) -> Doings:
        """What everybody is doing now."""
        return Doings(dict(self._people))

    def take(self, event: Recorded) -> Iterator[Span]:
        """Yield the spans that end with an event; all of them are to be asked for."""
        body, at = event.body, event.at
        if event.kind == PRESENCE:
            yield from self._turn(body["person_id"], at, presence=body["state"])
            return
        contact_id = body["contact_id"]
        holder = self._holders.pop(contact_id, None)
        if holder is not None:
            yield from self._turn(holder, at, gone=contact_id)
        if event.kind in TAKEN:
            self._holders[contact_id] = body["person_id"]
            yield from self._turn(body["person_id"], at, come=contact_id)

    def _turn(
        self, person_id: int, at: datetime, *, presence: str = "", gone: int | None = None, come: int | None = None
    ) -> Iterator[Span]:
        was = self._people.get(person_id) or Doing(at)
        in_hand = was.in_hand
        if gone is not None:
            in_hand = in_hand - {gone}
        if come is not None:
            in_hand = in_hand | {come}
        self._people[person_id] = Doing(max(at, was.since), presence or was.presence, in_hand)
        if at > was.since and (was.presence != UNKNOWN or was.in_hand):
            yield was.until(person_id, at)


def fold_spans(before: Doings, events: Iterable[Recorded]) -> tuple[Doings, list[Span]]:
    """Return what everybody is doing after some more events, and the spans that ended with them."""
    watch = Watch(before)
    ended = [span for event in events for span in watch.take(event)]
    return watch.doings, ended
