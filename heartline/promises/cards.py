"""What lists show of a follow-up: the same shape in a snapshot and in an event on delivery."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from heartline.promises.models import FollowUp
from heartline.ui.formats import phone

Card = dict[str, Any]


def follow_up_cards(follow_ups: QuerySet[FollowUp]) -> list[Card]:
    """Return the cards of follow-ups, in two queries however many there are."""
    rows = follow_ups.select_related("case", "case__customer", "owner").prefetch_related("additions")
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
