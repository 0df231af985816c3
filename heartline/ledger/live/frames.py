"""The wire format: server-sent events as bytes, made once per event however many streams receive it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from heartline.ledger import topics
from heartline.ledger.events import audience_of, enrich, public_view
from heartline.ledger.positions import Position
from heartline.ledger.queries import Recorded

BEAT = b": beat\n\n"
RESET = b"event: reset\ndata: {}\n\n"
BYE = b"event: bye\ndata: {}\n\n"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One event ready to send: to staff holding one of `topics`, and to the customer on `public_topic`."""

    position: Position
    kind: str
    topics: frozenset[str]
    frame: bytes
    public_topic: str
    public_frame: bytes
    people: frozenset[int]


def deliveries(batch: list[Recorded]) -> list[Delivery]:
    """Return deliveries for a batch of events, with the words that the ledger does not keep added."""
    enrich((event.kind, event.body) for event in batch)
    return [_delivery(event) for event in batch]


def hello(position: Position, beat_seconds: int) -> bytes:
    """Return the first frame of a stream."""
    return _frame("hello", {"position": str(position), "heartbeat": beat_seconds})


def signal_frame(data: dict[str, Any]) -> bytes:
    """Return the frame of a transient signal; it has no id, so it is never resumed."""
    return _frame("signal", data)


def _delivery(event: Recorded) -> Delivery:
    public = public_view(event.kind, event.body) if event.contact_id else None
    return Delivery(
        position=event.position,
        kind=event.kind,
        topics=audience_of(event.kind, event.body),
        frame=_change(event, event.body, _author(event)),
        public_topic=topics.contact(event.contact_id or 0) if public is not None else "",
        public_frame=_change(event, public, {"kind": event.actor_kind}) if public is not None else b"",
        people=frozenset(_people(event.body)),
    )


def _change(event: Recorded, body: dict[str, Any], by: dict[str, Any]) -> bytes:
    data = {"kind": event.kind, "at": event.at.isoformat(), "by": by, "body": body}
    return f"id: {event.position}\n".encode() + _frame("change", data)


def _author(event: Recorded) -> dict[str, Any]:
    return {"kind": event.actor_kind, "id": event.actor_id, "name": event.actor_name}


def _people(body: dict[str, Any]) -> Iterable[int]:
    names = ("person_id", "from_person_id", "owner_id", "assignee_id", "from_owner_id")
    return (body[name] for name in names if body.get(name))


def _frame(event: str, data: dict[str, Any]) -> bytes:
    return f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n".encode()
