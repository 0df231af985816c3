"""Facts about surveys."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.conversations.words import add_cards
from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event(
    "voice_of_customer.invited",
    audience=topics.of_case,
    public=lambda body: {"contact_id": body["contact_id"]},
    enrich=add_cards,
)
@dataclass(frozen=True, kw_only=True)
class Invited(LedgerEvent):
    """A customer was asked how it was."""

    invitation_id: int
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    channel: str
    about_id: int | None


@ledger_event(
    "voice_of_customer.responded",
    audience=topics.of_case,
    public=lambda body: {"contact_id": body["contact_id"], "score": body["score"]},
    enrich=add_cards,
)
@dataclass(frozen=True, kw_only=True)
class Responded(LedgerEvent):
    """A customer answered; credited to the person the question was about."""

    invitation_id: int
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    channel: str
    about_id: int | None
    score: int
    has_comment: bool
    came_by: str
