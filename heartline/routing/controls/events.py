"""Facts about what supervisors decided. What they wrote, and why, is added on delivery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event

Bodies = list[dict[str, Any]]


def _of_queues(body: dict[str, Any]) -> Iterator[str]:
    """Yield the topics of the queues that are meant, and administrators'."""
    yield topics.EVERYTHING
    for name in ("queue_id", "from_queue_id"):
        if body.get(name):
            yield topics.queue(body[name])
    yield from map(topics.queue, body.get("queue_ids", ()))


def add_why(bodies: Bodies) -> None:
    """Add `why`: what the supervisor said to it."""
    rows = dict(
        apps.get_model("controls", "Control").objects.filter(id__in=_ids(bodies, "control_id")).values_list("id", "why")
    )
    for body in bodies:
        body["why"] = rows.get(body["control_id"], "")


def add_pause_words(bodies: Bodies) -> None:
    """Add `told_en`, `told_zh` and `why` of a pause."""
    _add_told(bodies, "QueuePause", "pause_id")


def add_emergency_words(bodies: Bodies) -> None:
    """Add `told_en`, `told_zh` and `why` of an emergency message."""
    _add_told(bodies, "EmergencyMessage", "emergency_id")


@ledger_event("routing.contact_controlled", audience=_of_queues, enrich=add_why)
@dataclass(frozen=True, kw_only=True)
class ContactControlled(LedgerEvent):
    """A supervisor pinned a waiting contact to a person, raised it, or moved it to another queue; or undid that."""

    control_id: int
    control: str
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    from_queue_id: int | None
    person_id: int | None
    until: str | None
    seconds: int
    manual_seconds: int
    undone: bool


@ledger_event("routing.queue_paused", audience=_of_queues, enrich=add_pause_words)
@dataclass(frozen=True, kw_only=True)
class QueuePaused(LedgerEvent):
    """A queue's chats and messages are not offered until a moment; who waits keeps place and clock."""

    pause_id: int
    queue_id: int
    brand_id: int
    until: str
    waiting: int


@ledger_event("routing.queue_resumed", audience=_of_queues)
@dataclass(frozen=True, kw_only=True)
class QueueResumed(LedgerEvent):
    """A queue's pause ended: when its time was over, or sooner by somebody; how says which."""

    pause_id: int
    queue_id: int
    brand_id: int
    how: str
    waiting: int


@ledger_event("routing.emergency_told", audience=_of_queues, enrich=add_emergency_words)
@dataclass(frozen=True, kw_only=True)
class EmergencyTold(LedgerEvent):
    """Customers of some brands, or of all, and everybody who serves them are told something at once."""

    emergency_id: int
    everywhere: bool
    brand_ids: tuple[int, ...]
    queue_ids: tuple[int, ...]
    until: str


@ledger_event("routing.emergency_ended", audience=_of_queues)
@dataclass(frozen=True, kw_only=True)
class EmergencyEnded(LedgerEvent):
    """An emergency message is shown no more: its time was over, or somebody took it down; how says which."""

    emergency_id: int
    brand_ids: tuple[int, ...]
    queue_ids: tuple[int, ...]
    how: str


def _add_told(bodies: Bodies, table: str, name: str) -> None:
    rows = apps.get_model("controls", table).objects.filter(id__in=_ids(bodies, name))
    words = {id: (en, zh, why) for id, en, zh, why in rows.values_list("id", "told_en", "told_zh", "why")}
    for body in bodies:
        body["told_en"], body["told_zh"], body["why"] = words.get(body[name], ("", "", ""))


def _ids(bodies: Bodies, name: str) -> list[int]:
    return [body[name] for body in bodies]
