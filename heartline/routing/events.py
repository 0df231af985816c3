"""Facts about offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from heartline.conversations.words import add_cards
from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def _add_offer(bodies: list[dict[str, Any]]) -> None:
    from heartline.routing.cards import add_offer_cards  # the tables are not loaded yet when events are declared

    add_offer_cards(bodies)


@ledger_event("routing.offer_made", audience=topics.of_case, enrich=_add_offer)
@dataclass(frozen=True, kw_only=True)
class OfferMade(LedgerEvent):
    """A waiting contact was offered to a person; `reasons` says why to them, as pairs of code and values.

    While it stands, delivery adds `offer`: its card with the reasons as sentences in each language.
    """

    offer_id: int
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    offered_at: str
    expires_at: str
    reasons: tuple[tuple[str, dict[str, Any]], ...]


@ledger_event("routing.offer_ended", audience=topics.of_case, enrich=add_cards)
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


@ledger_event("routing.limit_passed", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class LimitPassed(LedgerEvent):
    """Somebody who may took a contact beyond what they take at once.

    `limit` is the code of the limit (hands_full, load_full, queue_full), `values` what its sentence needs.
    """

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    person_name: str
    limit: str
    values: dict[str, Any]


@ledger_event("routing.plan_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class PlanChanged(LedgerEvent):
    """A version of the routing plan was drafted, published, discarded, or an older one came back as this one."""

    number: int
    what: str
    base: int
    note: str


@ledger_event("routing.borrowing_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class BorrowingChanged(LedgerEvent):
    """People of one queue began to help another, or stopped."""

    borrower_id: int
    lender_id: int
    is_on: bool
