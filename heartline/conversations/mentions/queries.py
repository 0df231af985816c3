"""Who can be mentioned, and what calls a person that they have not read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from heartline.common.questions import written_once
from heartline.common.text import one_line
from heartline.conversations.models import Mention
from heartline.people.models import Person
from heartline.people.permissions import ROLES_WITH

Card = dict[str, Any]
SHOWN = 100


def can_be_mentioned() -> QuerySet[Person]:
    """Return whom a note can call: everybody who works at the desk and may read what is said."""
    roles = ROLES_WITH["desk.use"] & ROLES_WITH["message.read"]
    return Person.objects.filter(is_active=True, role__in=roles).order_by("name", "id")


def unread_mentions(person: Person) -> dict[str, Card]:
    """Return the notes that call a person and that they have not read, newest first."""
    return {str(row.id): _card(row) for row in _unread(person.id)}


@written_once
def _unread(person_id: int) -> QuerySet[Mention]:
    rows = Mention.objects.filter(person_id=person_id, read_at=None).select_related("message", "case__customer")
    return rows.order_by("-at", "-id")[:SHOWN]


def mention_cards(ids: Iterable[int]) -> dict[int, Card | None]:
    """Return the cards of mentions by id; None for those that were read."""
    rows = Mention.objects.filter(id__in=list(ids)).select_related("message", "case__customer")
    return {row.id: _card(row) if row.read_at is None else None for row in rows}


def _card(row: Mention) -> Card:
    return {
        "id": row.id,
        "case_id": row.case_id,
        "contact_id": row.message.contact_id,
        "customer_name": row.case.customer.name,
        "by_name": row.message.author_name,
        "text": one_line(row.message.body, 160),
        "at": row.at.isoformat(),
    }
