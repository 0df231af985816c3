"""What people were doing and when, folded from presence and from contacts in hand. Pure.

Spans of one person never overlap: with several contacts at once a minute still is one minute.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from heartline.insight.facts.rows import Span
from heartline.ledger.queries import Recorded

UNKNOWN = "unknown"


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


def fold_spans(before: Doings, events: Iterable[Recorded]) -> tuple[Doings, list[Span]]:
    """Return what everybody is doing after some more events, and the spans that ended with them."""
    people, ended = dict(before.people), list[Span]()
    for event in events:
        for person_id, change in _changes(event, people):
            doing = people.get(person_id) or Doing(event.at)
            after = change(doing)
            if event.at > doing.since:
                ended.append(doing.until(person_id, event.at))
            people[person_id] = Doing(max(event.at, doing.since), after.presence, after.in_hand)
    return Doings(people), [span for span in ended if span.presence != UNKNOWN or span.in_hand]


Change = Callable[[Doing], Doing]


def _changes(event: Recorded, people: Mapping[int, Doing]) -> list[tuple[int, Change]]:
    body, name = event.body, event.kind.rpartition(".")[2]
    if name == "presence_changed":
        return [(body["person_id"], lambda doing: Doing(doing.since, body["state"], doing.in_hand))]
    contact_id = body["contact_id"]
    holders = [id for id, doing in people.items() if contact_id in doing.in_hand]
    changes = [(id, _without(contact_id)) for id in holders]
    if name in ("contact_answered", "contact_moved"):
        changes.append((body["person_id"], _with(contact_id)))
    return changes


def _with(contact_id: int) -> Change:
    return lambda doing: Doing(doing.since, doing.presence, doing.in_hand | {contact_id})


def _without(contact_id: int) -> Change:
    return lambda doing: Doing(doing.since, doing.presence, doing.in_hand - {contact_id})


# Wrap-up is work: a contact leaves a person's hands when it is finished or goes on, not when the talk ends.
SPAN_KINDS = frozenset(
    {
        "people.presence_changed",
        "conversations.contact_answered",
        "conversations.contact_moved",
        "conversations.contact_returned",
        "conversations.contact_finished",
    }
)
