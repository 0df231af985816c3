"""Facts about cases, contacts and messages. What people wrote is not in them: it is added on delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from heartline.conversations.words import (
    add_attachments,
    add_cards,
    add_contact_cards,
    add_handovers,
    add_mentions,
    add_message_words,
    add_opening_words,
    add_outgoing,
    add_shared_drafts,
    add_tried_words,
)
from heartline.customers.events import add_names
from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def _to_customer(*names: str) -> Any:
    """Return a public view that shows only the named fields."""
    return lambda body: {name: body.get(name) for name in names}


def _public_message(body: dict[str, Any]) -> dict[str, Any] | None:
    if body["message_kind"] == "note":
        return None
    names = (
        "message_id",
        "message_kind",
        "author_kind",
        "author_public_name",
        "text",
        "attachments",
        "at",
        "client_key",
    )
    return {name: body.get(name) for name in names}


@ledger_event("conversations.case_opened", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class CaseOpened(LedgerEvent):
    """A new matter."""

    case_id: int
    customer_id: int
    brand_id: int
    queue_id: int
    language: str


@ledger_event("conversations.case_changed", audience=topics.of_case, enrich=add_cards)
@dataclass(frozen=True, kw_only=True)
class CaseChanged(LedgerEvent):
    """A case got another state, owner, subject, wish or reason."""

    case_id: int
    customer_id: int
    queue_id: int
    changed: tuple[str, ...]
    state: str
    owner_id: int | None
    reason_id: int | None
    from_owner_id: int | None = None
    from_queue_id: int | None = None


@ledger_event("conversations.tried", audience=topics.of_case, enrich=(add_cards, add_tried_words))
@dataclass(frozen=True, kw_only=True)
class TriedNoted(LedgerEvent):
    """Something was tried for a case and will not be offered again. Delivery adds what it was and how it ended."""

    case_id: int
    customer_id: int
    queue_id: int
    tried_id: int
    tried_kind: str
    times: int


@ledger_event(
    "conversations.contact_opened",
    audience=topics.of_case,
    public=_to_customer("contact_id", "state", "asked_at"),
    enrich=(add_names, add_cards, add_opening_words),
)
@dataclass(frozen=True, kw_only=True)
class ContactOpened(LedgerEvent):
    """A customer asked for us on a channel and waits."""

    contact_id: int
    case_id: int
    customer_id: int
    brand_id: int
    queue_id: int
    channel: str
    language: str
    tier: str
    state: str
    asked_at: str
    due_at: str | None
    told_wait_low: int | None
    told_wait_high: int | None
    contacts_count: int
    # The queue's rules as they stood when the customer asked: later settings never rewrite what is past.
    answer_within_seconds: int | None = None
    short_abandon_seconds: int | None = None


@ledger_event(
    "conversations.contact_answered",
    audience=topics.of_case,
    public=_to_customer("contact_id", "person_public_name"),
    enrich=add_cards,
)
@dataclass(frozen=True, kw_only=True)
class ContactAnswered(LedgerEvent):
    """Somebody took a waiting contact. `waited_ms` counts from when the customer first asked or was given back."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    channel: str
    person_id: int
    person_name: str
    person_public_name: str
    asked_at: str
    waited_ms: int
    first: bool
    from_owner_id: int | None = None
    from_preferred_id: int | None = None


@ledger_event(
    "conversations.contact_moved",
    audience=topics.of_case,
    public=_to_customer("contact_id", "person_public_name"),
    enrich=add_cards,
)
@dataclass(frozen=True, kw_only=True)
class ContactMoved(LedgerEvent):
    """A contact in hand went straight to another person."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    person_name: str
    person_public_name: str
    from_person_id: int
    held_ms: int
    why: str
    from_owner_id: int | None = None


@ledger_event(
    "conversations.contact_returned",
    audience=topics.of_case,
    public=_to_customer("contact_id", "why"),
    enrich=(add_cards, add_handovers),
)
@dataclass(frozen=True, kw_only=True)
class ContactReturned(LedgerEvent):
    """A contact went back to waiting, at its old place: handed over, or given back. `why` is transfer or returned."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    from_queue_id: int
    from_person_id: int
    preferred_id: int | None
    asked_at: str
    held_ms: int
    why: str


@ledger_event("conversations.contact_requeued", audience=topics.of_case, enrich=add_cards)
@dataclass(frozen=True, kw_only=True)
class ContactRequeued(LedgerEvent):
    """A waiting contact was put into another queue, at the place its wait gives it there."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    from_queue_id: int
    channel: str
    asked_at: str


@ledger_event(
    "conversations.contact_abandoned",
    audience=topics.of_case,
    public=_to_customer("contact_id"),
    enrich=add_cards,
)
@dataclass(frozen=True, kw_only=True)
class ContactAbandoned(LedgerEvent):
    """The customer left before being served. `how` is left, silent or callback (they chose to be called)."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    channel: str
    how: str
    waited_ms: int


@ledger_event(
    "conversations.contact_resumed",
    audience=topics.of_case,
    public=_to_customer("contact_id"),
    enrich=add_cards,
)
@dataclass(frozen=True, kw_only=True)
class ContactResumed(LedgerEvent):
    """The customer came back in time and waits again at the old place."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    channel: str
    asked_at: str


@ledger_event(
    "conversations.contact_ended",
    audience=topics.of_case,
    public=_to_customer("contact_id", "ended_by"),
    enrich=add_cards,
)
@dataclass(frozen=True, kw_only=True)
class ContactEnded(LedgerEvent):
    """The exchange is over; its wrap-up begins."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    channel: str
    assignee_id: int
    ended_by: str
    held_ms: int


@ledger_event("conversations.contact_finished", audience=topics.of_case, enrich=add_cards)
@dataclass(frozen=True, kw_only=True)
class ContactFinished(LedgerEvent):
    """Wrap-up is done."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    channel: str
    person_id: int
    wrap_up_ms: int
    reason_id: int
    resolution: str
    root_cause: str
    has_expectation_gap: bool


@ledger_event(
    "conversations.message_added",
    audience=topics.of_talk,
    public=_public_message,
    enrich=(add_contact_cards, add_message_words),
)
@dataclass(frozen=True, kw_only=True)
class MessageAdded(LedgerEvent):
    """Something was said: a reply, an internal note, or a notice by the system."""

    message_id: int
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    channel: str
    message_kind: str
    author_kind: str
    author_id: int | None
    assignee_id: int | None
    client_key: str
    at: str
    turn: str
    turn_since: str
    first_reply: bool


@ledger_event(
    "conversations.messages_seen",
    audience=topics.of_talk,
    public=_to_customer("upto_id", "seen", "side"),
    enrich=add_contact_cards,
)
@dataclass(frozen=True, kw_only=True)
class MessagesSeen(LedgerEvent):
    """Messages up to one were delivered to, or read by, the other side."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    assignee_id: int | None
    upto_id: int
    seen: str
    side: str
    at: str


@ledger_event("conversations.handover_accepted", audience=topics.of_case, enrich=(add_cards, add_handovers))
@dataclass(frozen=True, kw_only=True)
class HandoverAccepted(LedgerEvent):
    """The receiver of a hand-over card took the contact."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    handover_id: int
    person_id: int


@ledger_event(
    "conversations.participant_joined",
    audience=topics.of_case,
    public=_to_customer("contact_id"),
    enrich=add_cards,
)
@dataclass(frozen=True, kw_only=True)
class ParticipantJoined(LedgerEvent):
    """A supervisor joined, or an expert was asked in; from now on they see the case."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    person_name: str
    role: str


@ledger_event("conversations.participant_left", audience=topics.of_case, enrich=add_cards)
@dataclass(frozen=True, kw_only=True)
class ParticipantLeft(LedgerEvent):
    """A participant left the contact."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    person_id: int


@ledger_event("conversations.file_added", audience=topics.of_talk, enrich=add_attachments)
@dataclass(frozen=True, kw_only=True)
class FileAdded(LedgerEvent):
    """A file was uploaded; it appears in the message that names it."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    assignee_id: int | None
    attachment_id: int
    media_type: str
    size: int


@ledger_event("conversations.quick_reply_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class QuickReplyChanged(LedgerEvent):
    """A quick reply was added, changed or removed. `level` is own, team or everybody."""

    quick_reply_id: int
    level: str
    team_id: int | None
    changed: tuple[str, ...]


@ledger_event("conversations.outgoing_changed", audience=topics.of_talk, enrich=add_outgoing)
@dataclass(frozen=True, kw_only=True)
class OutgoingChanged(LedgerEvent):
    """A reply is held or planned, was changed, stopped or taken back, or went. The customer hears nothing of it."""

    outgoing_id: int
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    assignee_id: int | None
    person_id: int
    state: str
    why: str
    due_at: str
    after: str


@ledger_event("conversations.mentioned", audience=topics.of_person, enrich=add_mentions)
@dataclass(frozen=True, kw_only=True)
class Mentioned(LedgerEvent):
    """A note calls one of our people by name."""

    mention_id: int
    message_id: int
    contact_id: int
    case_id: int
    customer_id: int
    person_id: int


@ledger_event("conversations.mentions_read", audience=topics.of_person)
@dataclass(frozen=True, kw_only=True)
class MentionsRead(LedgerEvent):
    """Somebody has read the notes of a case that call them."""

    case_id: int
    person_id: int
    mention_ids: tuple[int, ...]


@ledger_event("conversations.draft_shared", audience=topics.of_case, enrich=add_shared_drafts)
@dataclass(frozen=True, kw_only=True)
class DraftShared(LedgerEvent):
    """Somebody lets colleagues go on with a draft, keeps it to themselves again, or a colleague has taken it over."""

    draft_id: int
    case_id: int
    queue_id: int
    customer_id: int
    person_id: int
    mode: str
    shared: bool
    taken_by_id: int | None
