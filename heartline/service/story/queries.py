"""The customer's story beside a conversation: who they are, what happened before, what waits for them.

Unlike the snapshot it is not kept up event by event: a page fetches it again when something it tells of has happened.
What is said is put on the timeline by the page itself, so that a message costs no story.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from heartline.common.questions import written_once
from heartline.conversations.models import Case, Contact
from heartline.customers.models import Identity, IdentityKind
from heartline.ledger.models import Entry
from heartline.ledger.queries import history
from heartline.people.queries import Scope
from heartline.routing.queries import explanations
from heartline.routing.words import sentences
from heartline.service.story.summary import other_cases, summary_of
from heartline.service.story.timeline import known_names, page_for, reach_of, told_lines
from heartline.service.story.words import BETWEEN_MESSAGES
from heartline.ui.formats import phone

LINES_SHOWN = 200

Story = dict[str, Any]


def story_for(scope: Scope, case: Case, now: datetime) -> Story:
    """Return the story of a case's customer for a reader who may see the case."""
    reach = reach_of(scope, case)
    known = known_names()
    page = page_for(reach, known=known)
    return {
        "customer": _customer(case, scope),
        "summary": summary_of(case, reach),
        "lines": told_lines(reversed(_between_messages(case.id)), known=known),
        "timeline": page.rows,
        "next": page.next,
        "cases": other_cases(case, reach) if reach.customer_ids else [],
        "waiting": _waiting(case, now),
        "online": online_in(case),
    }


@written_once
def _between_messages(case_id: int) -> QuerySet[Entry]:
    """Return what happened in a case's contacts: by contact, for its lines go with it when cases are merged or split."""
    contacts = Contact.objects.filter(case_id=case_id).values("id")
    return history().filter(contact_id__in=contacts, kind__in=sorted(BETWEEN_MESSAGES))[:LINES_SHOWN]


def happened_between(case_id: int, first: datetime, last: datetime) -> list[Story]:
    """Return what is told between messages from one moment to another."""
    return told_lines(reversed(_between(case_id, first, last)))


@written_once
def _between(case_id: int, first: datetime, last: datetime) -> QuerySet[Entry]:
    contacts = Contact.objects.filter(case_id=case_id).values("id")
    told = history().filter(contact_id__in=contacts, kind__in=sorted(BETWEEN_MESSAGES), at__gte=first, at__lte=last)
    return told[:LINES_SHOWN]


def _customer(case: Case, scope: Scope) -> Story:
    customer = case.customer
    addresses = _addresses(customer.id) if scope.may("personal.read") else []
    return {
        "id": customer.id,
        "name": customer.name,
        "form_of_address": customer.form_of_address,
        "language": customer.language,
        "tier": customer.tier,
        "place": customer.place,
        "about": customer.about,
        "since": customer.customer_since.isoformat() if customer.customer_since else None,
        "addresses": [_address(row) for row in addresses],
    }


@written_once
def _addresses(customer_id: int) -> QuerySet[Identity]:
    return Identity.objects.filter(customer_id=customer_id).exclude(kind="visitor").order_by("id")


def _address(row: Identity) -> Story:
    shown = phone(row.value) if row.kind == IdentityKind.PHONE else row.value
    return {"kind": row.kind, "shown": shown, "proved": row.verified_at is not None}


def _waiting(case: Case, now: datetime) -> Story | None:
    """Return where the case's waiting contact stands and why it waits."""
    waiting = _waiting_in(case.id)
    found = explanations(now).get(waiting[0]) if waiting else None
    if found is None:
        return None
    return {"contact_id": waiting[0], "position": found.position, "why": sentences(found.why)}


@written_once
def _waiting_in(case_id: int) -> QuerySet[Contact, int]:
    return Contact.objects.filter(case_id=case_id, state="waiting").order_by("-id").values_list("id", flat=True)[:1]


def online_in(case: Case) -> Story:
    """Return when the customer's browser was last seen, per live contact; it changes without events."""
    return {str(id): seen.isoformat() for id, seen in _seen_in(case.id) if seen}


@written_once
def _seen_in(case_id: int) -> QuerySet[Contact, tuple[int, datetime | None]]:
    rows = Contact.objects.filter(case_id=case_id, state__in=["waiting", "active"], visitor_seen_at__isnull=False)
    return rows.values_list("id", "visitor_seen_at")
