"""Facts about calls we owe."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.conversations.words import add_cards
from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("promises.call_tried", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class CallTried(LedgerEvent):
    """Somebody rang a customer; `again_at` says from when it is tried again, null when they were reached or it was the last time."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    person_id: int | None
    outcome: str
    number: int
    again_at: str | None


@ledger_event("promises.call_moved", audience=topics.of_case, enrich=add_cards)
@dataclass(frozen=True, kw_only=True)
class CallMoved(LedgerEvent):
    """A customer chose another time to be called; an empty one is as soon as it is their turn. The place is kept."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    slot_at: str | None


@ledger_event("promises.call_called_off", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class CallCalledOff(LedgerEvent):
    """A customer needs no call any more."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int


@ledger_event("promises.call_told_late", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class CallToldLate(LedgerEvent):
    """A customer was told on their case's page that our call is late."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
