"""Facts about offers."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("routing.offer_made", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class OfferMade(LedgerEvent):
    """A waiting contact was offered to a person; `reasons` says why to them."""

    offer_id: int
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    offered_at: str
    expires_at: str
    reasons: tuple[tuple[str, str], ...]


@ledger_event("routing.offer_ended", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class OfferEnded(LedgerEvent):
    """An offer was accepted, declined with a reason, not answered in time, or withdrawn."""

    offer_id: int
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    outcome: str
    reason: str
    open_ms: int
