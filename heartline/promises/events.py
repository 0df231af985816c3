"""Facts about what is owed. What people wrote is not in them: it is added on delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from heartline.conversations.words import add_cards
from heartline.customers.events import add_names
from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def add_words(bodies: list[dict[str, Any]]) -> None:
    """Add `customer_name`, `what`, `outcome`, `phone` and cards (`follow_up`, its case) to bodies."""
    from heartline.promises.cards import follow_up_cards

    add_names(bodies)
    add_cards(bodies)
    ids = {body["follow_up_id"] for body in bodies}
    rows = apps.get_model("promises", "FollowUp").objects.filter(id__in=ids)
    cards = {card["id"]: card for card in follow_up_cards(rows)}
    words = {id: rest for id, *rest in rows.values_list("id", "what", "outcome", "phone")}
    for body in bodies:
        what, outcome, phone = words.get(body["follow_up_id"], ("", "", ""))
        body.update(what=what, outcome=outcome, phone=phone, follow_up=cards.get(body["follow_up_id"]))


@ledger_event("promises.follow_up_opened", audience=topics.of_case, enrich=add_words)
@dataclass(frozen=True, kw_only=True)
class FollowUpOpened(LedgerEvent):
    """We owe a customer something from now on; `owner_why` says why this person owns it."""

    follow_up_id: int
    case_id: int
    customer_id: int
    queue_id: int
    follow_up_kind: str
    owner_id: int | None
    owner_why: str
    due_at: str
    contact_id: int | None = None


@ledger_event("promises.follow_up_added_to", audience=topics.of_case, enrich=add_words)
@dataclass(frozen=True, kw_only=True)
class FollowUpAddedTo(LedgerEvent):
    """More came in about a follow-up that is open already; its due time can only have become earlier.

    When it `was_moved`, nothing came in: the customer chose another time, or an attempt in time found nobody.
    """

    follow_up_id: int
    case_id: int
    customer_id: int
    queue_id: int
    owner_id: int | None
    due_at: str
    contact_id: int | None = None
    was_moved: bool = False


@ledger_event("promises.follow_up_handed_over", audience=topics.of_case, enrich=add_words)
@dataclass(frozen=True, kw_only=True)
class FollowUpHandedOver(LedgerEvent):
    """A follow-up has another owner; `why` is taken, given, or gone (the owner before can no longer sign in)."""

    follow_up_id: int
    case_id: int
    customer_id: int
    queue_id: int
    from_person_id: int | None
    owner_id: int
    owner_why: str
    why: str


@ledger_event("promises.follow_up_warned", audience=topics.of_case, enrich=add_words)
@dataclass(frozen=True, kw_only=True)
class FollowUpWarned(LedgerEvent):
    """A follow-up is nearly due and its owner was told."""

    follow_up_id: int
    case_id: int
    customer_id: int
    queue_id: int
    owner_id: int | None
    due_at: str


@ledger_event("promises.follow_up_late", audience=topics.of_case, enrich=add_words)
@dataclass(frozen=True, kw_only=True)
class FollowUpLate(LedgerEvent):
    """A follow-up was not done in time. It became late at `due_at`, whenever that was noticed."""

    follow_up_id: int
    case_id: int
    customer_id: int
    queue_id: int
    owner_id: int | None
    due_at: str


@ledger_event("promises.follow_up_done", audience=topics.of_case, enrich=add_words)
@dataclass(frozen=True, kw_only=True)
class FollowUpDone(LedgerEvent):
    """What was owed was done; `late_ms` is 0 when it was in time."""

    follow_up_id: int
    case_id: int
    customer_id: int
    queue_id: int
    owner_id: int | None
    late_ms: int
