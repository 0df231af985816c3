"""The customer's story beside a conversation: who they are, what happened before, what waits for them.

Unlike the snapshot it is not kept up event by event: a page fetches it again when something it tells of has happened.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from heartline.conversations.models import Case, Contact, Tried
from heartline.conversations.queries import cases_for
from heartline.customers.models import Customer, Identity, IdentityKind
from heartline.customers.outside.queries import titles_of
from heartline.customers.queries import known_before_as
from heartline.ledger.models import Entry
from heartline.ledger.queries import history
from heartline.people.models import Person
from heartline.people.queries import Scope
from heartline.routing.queries import explanations
from heartline.routing.words import sentences
from heartline.service.queries import names as names_of_things
from heartline.service.words import BETWEEN_MESSAGES, TELLERS, Names, Told, tell
from heartline.ui.formats import phone
from heartline.voice_of_customer.models import Response

TIMELINE_SHOWN = 30
TIMELINE_ALL = 500
LINES_SHOWN = 200
LINES_OF_CUSTOMER = 60
CASES_SHOWN = 8
PEOPLE_IN_EVENTS = ("person_id", "from_person_id", "preferred_id", "owner_id")

Story = dict[str, Any]


def story_for(scope: Scope, case: Case, now: datetime, *, everything: bool = False) -> Story:
    """Return the story of a case's customer for a reader who may see the case.

    Who serves customers gets the whole story (guarantee 2); an expert gets that of the case they were asked into.
    """
    whole = scope.may("contact.serve")
    about = {"customer_id__in": known_before_as(case.customer)} if whole else {"case_id": case.id}
    told = history().filter(kind__in=list(TELLERS), **about)
    limit = TIMELINE_ALL if everything else TIMELINE_SHOWN
    entries = list(told[: limit + 1])
    # By contact, for a contact's lines go with it when cases are merged or split.
    contact_ids = list(Contact.objects.filter(case=case).values_list("id", flat=True))
    between = list(history().filter(contact_id__in=contact_ids, kind__in=list(BETWEEN_MESSAGES))[:LINES_SHOWN])
    names = _names([*entries, *between])
    return {
        "customer": _customer(case, scope, whole=whole),
        "lines": _told(reversed(between), names),
        "timeline": _told(entries[:limit], names),
        "more": len(entries) > limit,
        "cases": _others(case, scope),
        "waiting": _waiting(case, now),
        "online": online_in(case),
    }


def lines_about(customer: Customer) -> tuple[list[Story], bool]:
    """Return what has happened to a customer, newest first, and whether there is more; for who may see the whole story."""
    told = history().filter(customer_id__in=known_before_as(customer), kind__in=list(TELLERS))
    entries = list(told[: LINES_OF_CUSTOMER + 1])
    return _told(entries[:LINES_OF_CUSTOMER], _names(entries)), len(entries) > LINES_OF_CUSTOMER


def _names(entries: list[Entry]) -> Names:
    named = {entry.body.get(field) for entry in entries for field in PEOPLE_IN_EVENTS} - {None}
    known = names_of_things()
    queues = {int(key): queue["name"] for key, queue in known["queues"].items()}
    reasons = {int(key): name for key, name in known["reasons"].items()}
    people = dict(Person.objects.filter(id__in=named).values_list("id", "name"))
    outside = titles_of({entry.body["outside_id"] for entry in entries if "outside_id" in entry.body})
    tried_ids = {entry.body["tried_id"] for entry in entries if "tried_id" in entry.body}
    tried = dict(Tried.objects.filter(id__in=tried_ids).values_list("id", "label")) if tried_ids else {}
    return Names(people, queues, reasons, outside, tried)


def _customer(case: Case, scope: Scope, *, whole: bool) -> Story:
    customer = case.customer
    about = {"case__customer": customer} if whole else {"case": case}
    rated = Response.objects.filter(**about).order_by("-at", "-id").first()
    addresses = customer.identities.exclude(kind="visitor").order_by("id") if scope.may("personal.read") else []
    return {
        "id": customer.id,
        "name": customer.name,
        "form_of_address": customer.form_of_address,
        "language": customer.language,
        "tier": customer.tier,
        "place": customer.place,
        "about": customer.about,
        "since": customer.customer_since.isoformat() if customer.customer_since else None,
        "rating": {"score": rated.score, "comment": rated.comment, "at": rated.at.isoformat()} if rated else None,
        "addresses": [_address(row) for row in addresses],
    }


def _address(row: Identity) -> Story:
    shown = phone(row.value) if row.kind == IdentityKind.PHONE else row.value
    return {"kind": row.kind, "shown": shown, "proved": row.verified_at is not None}


def _told(entries: Iterable[Entry], names: Names) -> list[Story]:
    rows = ((entry, _tell(entry, names)) for entry in entries)
    return [
        {
            "id": f"{entry.epoch_tx}-{entry.id}",
            "at": entry.at.isoformat(),
            "case_id": entry.case_id,
            "icon": told.icon,
            "tone": told.tone,
            "text": told.text,
        }
        for entry, told in rows
        if told
    ]


def _tell(entry: Entry, names: Names) -> Told | None:
    actor = {"customer": _("The customer"), "system": "Heartline"}.get(entry.actor_kind, entry.actor_name)
    return tell(entry.kind, entry.body, actor, names)


def _others(case: Case, scope: Scope) -> list[Story]:
    """Return the customer's other cases that the reader may open, newest first."""
    others = cases_for(scope).filter(customer_id=case.customer_id).exclude(id=case.id).order_by("-opened_at", "-id")
    return [
        {
            "id": other.id,
            "subject": other.subject,
            "language": other.language,
            "state": other.state,
            "opened_at": other.opened_at.isoformat(),
        }
        for other in others[:CASES_SHOWN]
    ]


def _waiting(case: Case, now: datetime) -> Story | None:
    """Return where the case's waiting contact stands and why it waits."""
    contact = Contact.objects.filter(case=case, state="waiting").select_related("queue").order_by("-id").first()
    if contact is None:
        return None
    found = explanations(now).get(contact.id)
    if found is None:
        return None
    return {"contact_id": contact.id, "position": found.position, "why": sentences(found.why)}


def online_in(case: Case) -> Story:
    """Return when the customer's browser was last seen, per live contact; it changes without events."""
    rows = Contact.objects.filter(case=case, state__in=["waiting", "active"], visitor_seen_at__isnull=False)
    return {str(id): seen.isoformat() for id, seen in rows.values_list("id", "visitor_seen_at") if seen}
