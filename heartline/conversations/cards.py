"""What lists and open conversations show of contacts and cases.

A snapshot is made with these functions, and events are given the same cards when they are delivered: what a desk
shows after an event cannot differ from what it would fetch. Words stay in the tables, where erasure reaches them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from heartline.common.questions import written_once
from heartline.conversations.models import Case, Contact, HandoverCard, Message
from heartline.conversations.rules import LIVE

Card = dict[str, Any]

_PLAIN = (
    "id",
    "case_id",
    "customer_id",
    "channel",
    "queue_id",
    "language",
    "state",
    "turn",
    "turn_since",
    "assignee_id",
    "preferred_id",
    "asked_at",
    "due_at",
    "ended_at",
    "ended_by",
    "last_text",
    "transfers",
)
_BY_WAY_OF = {
    "customer_name": "customer__name",
    "tier": "customer__tier",
    "subject": "case__subject",
    "owner_id": "case__owner_id",
    "contacts_count": "case__contacts_count",
    "assignee_name": "assignee__name",
}


def cards_of(rows: Iterable[Card]) -> list[Card]:
    """Return the cards of contacts of which `shown` has asked."""
    found = list(rows)
    unread = _unread([row["id"] for row in found])
    return [_card(row, unread.get(row["id"], 0)) for row in found]


def cards_in_case(case_id: int) -> list[Card]:
    """Return the cards of all contacts of a case, oldest first."""
    return cards_of(_shown_in_case(case_id))


def cards_by_id(contact_ids: Collection[int]) -> dict[int, Card]:
    """Return the cards of some contacts."""
    return {card["contact_id"]: card for card in cards_of(_shown_live((), contact_ids))}


def shown(contacts: QuerySet[Contact]) -> QuerySet[Contact, Any]:
    """Return the question for what the cards of contacts show."""
    asked: QuerySet[Contact, Any] = contacts.values(*_PLAIN, **{name: F(path) for name, path in _BY_WAY_OF.items()})
    return asked


@written_once
def _shown_in_case(case_id: int) -> QuerySet[Contact, Any]:
    return shown(Contact.objects.filter(case_id=case_id).order_by("id"))


@written_once
def _shown_live(case_ids: Collection[int], contact_ids: Collection[int]) -> QuerySet[Contact, Any]:
    wanted = Q(case_id__in=case_ids, state__in=LIVE) | Q(id__in=contact_ids)
    return shown(Contact.objects.filter(wanted).order_by("id"))


def live_cards_of(case_ids: Iterable[int], contact_ids: Iterable[int]) -> dict[int, list[Card]]:
    """Return, per case, the cards of its live contacts and of those of `contact_ids` that belong to it."""
    found: dict[int, list[Card]] = {}
    for card in cards_of(_shown_live(set(case_ids), set(contact_ids))):
        found.setdefault(card["case_id"], []).append(card)
    return found


def case_cards_of(case_ids: Iterable[int]) -> dict[int, Card]:
    """Return what the head of a conversation shows of cases, by id."""
    return {case.id: case_card(case) for case in _with_heads(set(case_ids))}


@written_once
def _with_heads(case_ids: Collection[int]) -> QuerySet[Case]:
    return Case.objects.filter(id__in=case_ids).select_related("customer", "owner")


def case_card(case: Case) -> Card:
    """Return what the head of a conversation shows of a case."""
    return {
        "id": case.id,
        "customer_id": case.customer_id,
        "customer_name": case.customer.name,
        "tier": case.customer.tier,
        "subject": case.subject,
        "wants": case.wants,
        "state": case.state,
        "language": case.language,
        "queue_id": case.queue_id,
        "owner_id": case.owner_id,
        "owner_name": case.owner.name if case.owner else "",
        "reason_id": case.reason_id,
        "opened_at": case.opened_at.isoformat(),
        "contacts_count": case.contacts_count,
    }


def handovers_of(contact_ids: Iterable[int]) -> dict[int, list[Card]]:
    """Return the hand-over cards of contacts, oldest first."""
    found: dict[int, list[Card]] = {}
    for row in _handed_over(set(contact_ids)):
        found.setdefault(row.contact_id, []).append(_handover(row))
    return found


@written_once
def _handed_over(contact_ids: Collection[int]) -> QuerySet[HandoverCard]:
    rows = HandoverCard.objects.filter(contact_id__in=contact_ids).select_related("from_person", "accepted_by")
    return rows.order_by("at", "id")


def _card(row: dict[str, Any], unread: int) -> Card:
    card = {name: _plain(value) for name, value in row.items() if name != "id"}
    return {**card, "contact_id": row["id"], "assignee_name": row["assignee_name"] or "", "unread": unread}


def _handover(row: HandoverCard) -> Card:
    return {
        "id": row.id,
        "contact_id": row.contact_id,
        "from_name": row.from_person.name if row.from_person else "",
        "wants": row.wants,
        "tried": row.tried,
        "promised": row.promised,
        "do_not_ask": row.do_not_ask,
        "at": row.at.isoformat(),
        "accepted_by_id": row.accepted_by_id,
        "accepted_by_name": row.accepted_by.name if row.accepted_by else "",
        "accepted_at": _moment(row.accepted_at),
    }


def _unread(contact_ids: list[int]) -> dict[int, int]:
    """Return how many messages of the customer nobody of ours has read, per contact."""
    return dict(_counted_unread(contact_ids))


@written_once
def _counted_unread(contact_ids: Collection[int]) -> QuerySet[Message, tuple[int, int]]:
    theirs = Message.objects.filter(contact_id__in=contact_ids, author_kind="customer", kind="reply", read_at=None)
    return theirs.order_by().values_list("contact_id").annotate(n=Count("id"))


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
