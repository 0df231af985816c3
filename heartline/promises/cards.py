"""What lists show of a follow-up: the same shape in a snapshot and in an event on delivery."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from heartline.common.questions import written_once
from heartline.promises.models import FollowUp
from heartline.ui.formats import phone

Card = dict[str, Any]


def follow_up_cards(follow_ups: QuerySet[FollowUp]) -> list[Card]:
    """Return the cards of follow-ups, in two queries however many there are."""
    return _cards(_whole(follow_ups))


def cards_owed_to(case_id: int) -> list[Card]:
    """Return the cards of a case's open follow-ups."""
    return _cards(_owed_to(case_id))


def cards_owed_by(person_id: int) -> list[Card]:
    """Return the cards of the open follow-ups that a person owns."""
    return _cards(_owed_by(person_id))


def _whole(follow_ups: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    return follow_ups.select_related("case", "case__customer", "owner").prefetch_related("additions")


@written_once
def _owed_to(case_id: int) -> QuerySet[FollowUp]:
    return _whole(FollowUp.objects.filter(case_id=case_id, state="open"))


@written_once
def _owed_by(person_id: int) -> QuerySet[FollowUp]:
    return _whole(FollowUp.objects.filter(owner_id=person_id, state="open"))


def _cards(rows: Iterable[FollowUp]) -> list[Card]:
    return [_card(row) for row in rows]


def _card(row: FollowUp) -> Card:
    return {
        "id": row.id,
        "case_id": row.case_id,
        "contact_id": row.contact_id,
        "kind": row.kind,
        "customer_name": row.case.customer.name,
        "what": row.what,
        "more": [addition.what for addition in row.additions.all()],
        "phone": phone(row.phone),
        "due_at": row.due_at.isoformat(),
        "owner_id": row.owner_id,
        "owner_name": row.owner.name if row.owner else "",
        "state": row.state,
        "warned": row.warned_at is not None,
    }
