"""Notes, consent and saved views: small things written beside a customer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.common.text import clean
from heartline.customers.actions.known import check_stands
from heartline.customers.events import AddressesShown, ConsentChanged, NoteChanged
from heartline.customers.models import Consent, Customer, Note, Purpose, SavedView
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person

NOTE_LIMIT = 4000


def add_note(customer: Customer, text: str, *, by: Actor, now: datetime) -> Note:
    """Add a note about a customer."""
    text = clean(text, NOTE_LIMIT)
    if not text:
        raise Invalid(_("Write the note first"), fields={"text": _("Write the note first")})
    check_stands(customer)
    with one_change():
        note = Note.objects.create(customer=customer, text=text, author_id=by.id, at=now)
        event = NoteChanged(customer_id=customer.id, note_id=note.pk, what="added")
        record(event, by=by, now=now, sample=customer.is_sample)
    return note


def remove_note(note: Note, *, by: Actor, now: datetime) -> None:
    """Remove a note about a customer."""
    with one_change():
        event = NoteChanged(customer_id=note.customer_id, note_id=note.pk, what="removed")
        record(event, by=by, now=now, sample=note.customer.is_sample)
        note.delete()


def set_consent(
    customer: Customer, purpose: str, *, is_given: bool, how: str, by: Actor, now: datetime
) -> Consent | None:
    """Write down that a customer agreed to something or refused it; saying the same again adds nothing."""
    if purpose not in Purpose.values:
        raise Invalid(_("Choose from the list"), fields={"purpose": _("Choose from the list")})
    check_stands(customer)
    with one_change():
        held = Consent.objects.filter(customer=customer, purpose=purpose).first()
        if held and held.is_given == is_given:
            return None
        consent = Consent.objects.create(
            customer=customer,
            purpose=purpose,
            is_given=is_given,
            how=clean(how, 200),
            by_id=by.id if by.kind == "person" else None,
            at=now,
        )
        event = ConsentChanged(customer_id=customer.id, consent_id=consent.pk, purpose=purpose, is_given=is_given)
        record(event, by=by, now=now, sample=customer.is_sample)
    return consent


def may_be_asked(customer: Customer) -> bool:
    """Return whether a customer may be asked how it was: not when they refused that, or any contact from us."""
    if customer.do_not_contact:
        return False
    held = Consent.objects.filter(customer=customer, purpose=Purpose.SURVEYS).first()
    return held is None or held.is_given


def note_addresses_shown(customer: Customer, *, by: Actor, now: datetime) -> None:
    """Record that somebody asked to see a customer's addresses in full."""
    with one_change():
        record(AddressesShown(customer_id=customer.id), by=by, now=now, sample=customer.is_sample)


def save_view(person: Person, name: str, query: dict[str, Any], *, is_shared: bool) -> SavedView:
    """Keep a list under a name; the same name again replaces it."""
    name = clean(name, 60)
    if not name:
        raise Invalid(_("Give the view a name"), fields={"name": _("Give the view a name")})
    values = {"query": query, "is_shared": is_shared}
    return SavedView.objects.update_or_create(person=person, name=name, defaults=values)[0]


def remove_view(person: Person, view_id: int) -> bool:
    """Let go of one of somebody's own lists; returns whether there was one."""
    return bool(SavedView.objects.filter(id=view_id, person=person).delete()[0])
