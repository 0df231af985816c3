"""The life of a contact: opened, answered, moved, given back, abandoned, ended, finished."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.questions import first, written_once
from heartline.common.text import clean, one_line
from heartline.conversations.actions.messages import add_message
from heartline.conversations.events import (
    CaseOpened,
    ContactAbandoned,
    ContactAnswered,
    ContactEnded,
    ContactMoved,
    ContactOpened,
    ContactRequeued,
    ContactResumed,
    ContactReturned,
    HandoverAccepted,
)
from heartline.conversations.models import Assignment, Case, Contact, HandoverCard
from heartline.conversations.rules import CASE, CONTACT
from heartline.customers.models import Customer
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person, Queue


@dataclass(frozen=True, kw_only=True)
class ContactRequest:
    """What a channel knows when a customer asks for us."""

    customer: Customer
    queue: Queue
    channel: str
    language: str
    text: str
    client_key: str
    want: str = ""
    came_from: str = ""
    case: Case | None = None
    opened_as: int | None = None
    """The record that the customer showed to be, when it was merged into theirs."""
    asked_at: datetime | None = None
    """When the customer first asked, if that was before now: a callback keeps the place of the chat it replaces."""
    due_at: datetime | None = None
    told_wait: tuple[int, int] | None = None
    needs: dict[str, Any] = field(default_factory=dict)
    tried: tuple[tuple[str, str, str], ...] = ()


def open_contact(request: ContactRequest, *, by: Actor, now: datetime) -> Contact:
    """Open a contact, and its case when the matter is new, with the customer's first words."""
    if not (request.text.strip() or request.want.strip()):
        raise Invalid(_("Write what this is about"), fields={"text": _("Write what this is about")})
    with one_change():
        case = _reopened(request.case, now=now) if request.case else _open_case(request, by=by, now=now)
        contact = _create_contact(request, case, now=now)
        record(_opened(contact, case), by=by, now=now, sample=case.is_sample)
        if request.text.strip():
            add_message(contact, "reply", request.text, client_key=request.client_key, by=by, now=now)
    return contact


def answer_contact(contact: Contact, person: Person, *, by: Actor, now: datetime) -> Contact:
    """Give a waiting contact to a person; raises Conflict when it no longer waits."""
    with one_change():
        before = first(_standing(contact.id)) or contact
        asked_for, answered_at = before.preferred_id, before.answered_at
        move(contact, "accept", now=now, assignee=person, preferred=None, answered_at=answered_at or now)
        Assignment.objects.create(contact=contact, person=person, started_at=now)
        from_owner_id = _take_ownership(contact.case, person, now=now)
        event = _answered(contact, person, answered_at is None, now)
        event = replace(event, from_owner_id=from_owner_id, from_preferred_id=asked_for)
        record(event, by=by, now=now, sample=contact.is_sample)
        _accept_handover(contact, person, by=by, now=now)
    return contact


def move_to_person(contact: Contact, person: Person, *, why: str, by: Actor, now: datetime) -> Contact:
    """Give a contact in hand straight to another person (reassignment by a supervisor)."""
    with one_change():
        before = contact.assignee
        if before is None or before == person:
            raise Conflict(_("This contact is not in another person's hands"))
        changed = Contact.objects.filter(id=contact.id, state="active", assignee=before, version=contact.version)
        if not changed.update(assignee=person, version=F("version") + 1):
            raise Conflict(_("This contact has just changed. Look again"))
        contact.refresh_from_db()
        held = _end_assignment(contact, now=now)
        Assignment.objects.create(contact=contact, person=person, started_at=now)
        from_owner_id = _take_ownership(contact.case, person, now=now)
        event = ContactMoved(
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            queue_id=contact.queue_id,
            person_id=person.id,
            person_name=person.name,
            person_public_name=person.customer_sees,
            from_person_id=before.id,
            held_ms=held,
            why=why,
            from_owner_id=from_owner_id,
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return contact


def hand_on_wrap_up(contact: Contact, person: Person, *, by: Actor, now: datetime) -> Contact:
    """Let somebody write the wrap-up of a contact whose own person is gone; what was done stays credited as it was."""
    with one_change():
        before = contact.assignee
        standing = Contact.objects.filter(id=contact.id, state="wrap_up", assignee=before, version=contact.version)
        if before is None or not standing.update(assignee=person, version=F("version") + 1):
            raise Conflict(_("This contact has just changed. Look again"))
        contact.refresh_from_db()
        Assignment.objects.filter(contact=contact, ended_at=None).update(ended_at=now)
        Assignment.objects.create(contact=contact, person=person, started_at=now)
        event = ContactMoved(
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            queue_id=contact.queue_id,
            person_id=person.id,
            person_name=person.name,
            person_public_name=person.customer_sees,
            from_person_id=before.id,
            held_ms=0,
            why="gone",
            from_owner_id=_take_ownership(contact.case, person, now=now),
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return contact


def return_contact(
    contact: Contact, *, to_queue: Queue, preferred: Person | None, why: str, by: Actor, now: datetime
) -> Contact:
    """Put a contact in hand back to waiting, at the place it had; the wait is never reset.

    In another queue it asks no more for what only the old one asked for: nobody there may know it.
    """
    with one_change():
        before, from_queue = contact.assignee, contact.queue_id
        if before is None:
            raise Conflict(_("Nobody has this contact"))
        transfers = F("transfers") + 1 if why == "transfer" else F("transfers")
        asks = {} if to_queue.id == from_queue else {"queue": to_queue, "needs": _needs_elsewhere(contact)}
        move(contact, "give_back", now=now, assignee=None, preferred=preferred, transfers=transfers, **asks)
        held = _end_assignment(contact, now=now)
        Case.objects.filter(id=contact.case_id).update(queue=to_queue, changed_at=now)
        event = ContactReturned(
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            queue_id=to_queue.id,
            from_queue_id=from_queue,
            from_person_id=before.id,
            preferred_id=preferred.id if preferred else None,
            asked_at=contact.asked_at.isoformat(),
            held_ms=held,
            why=why,
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return contact


def requeue_contact(contact: Contact, queue: Queue, *, by: Actor, now: datetime) -> Contact:
    """Put a waiting contact into another queue, at the place its wait gives it; what only the old queue asked for goes."""
    before = contact.queue
    if before.id == queue.id:
        raise Conflict(_("It is in this queue already"))
    with one_change():
        standing = Contact.objects.filter(id=contact.id, state="waiting", queue=before)
        if not standing.update(queue=queue, needs=_needs_elsewhere(contact), version=F("version") + 1):
            raise Conflict(_("This contact has just changed. Look again"), code="contact_changed")
        contact.refresh_from_db()
        Case.objects.filter(id=contact.case_id).update(queue=queue, changed_at=now)
        event = ContactRequeued(
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            queue_id=queue.id,
            from_queue_id=before.id,
            channel=contact.channel,
            asked_at=contact.asked_at.isoformat(),
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return contact


def _needs_elsewhere(contact: Contact) -> dict[str, Any]:
    """Return what a contact asks for in any queue but the one in which it is."""
    asked = dict(contact.queue.skills.values_list("skill__key", "level"))
    needs = contact.needs if isinstance(contact.needs, dict) else {}
    skills = {key: level for key, level in (needs.get("skills") or {}).items() if asked.get(key) != level}
    return {**needs, "skills": skills}


def abandon_contact(contact: Contact, how: str, *, by: Actor, now: datetime) -> Contact:
    """Record that a waiting customer left: `left`, `silent`, or `callback` when they chose to be called."""
    with one_change():
        move(contact, "abandon", now=now, ended_at=now, ended_by="customer")
        event = ContactAbandoned(
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            queue_id=contact.queue_id,
            channel=contact.channel,
            how=how,
            waited_ms=milliseconds(contact.asked_at, now),
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return contact


def resume_contact(contact: Contact, *, by: Actor, now: datetime) -> Contact:
    """Let a customer who came back wait again at their old place."""
    with one_change():
        move(contact, "resume", now=now, ended_at=None, ended_by="", visitor_seen_at=now)
        event = ContactResumed(
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            queue_id=contact.queue_id,
            channel=contact.channel,
            asked_at=contact.asked_at.isoformat(),
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return contact


def end_contact(contact: Contact, *, ended_by: str, by: Actor, now: datetime) -> Contact:
    """End the exchange; the assignee's wrap-up begins. `ended_by` is customer or person."""
    with one_change():
        assignee_id = contact.assignee_id
        move(contact, "end", now=now, ended_at=now, ended_by=ended_by)
        event = ContactEnded(
            contact_id=contact.id,
            case_id=contact.case_id,
            customer_id=contact.customer_id,
            queue_id=contact.queue_id,
            channel=contact.channel,
            assignee_id=assignee_id or 0,
            ended_by=ended_by,
            held_ms=_held(contact, now),
        )
        record(event, by=by, now=now, sample=contact.is_sample)
    return contact


def move(contact: Contact, verb: str, *, now: datetime, **fields: Any) -> None:
    """Move a contact along its state machine by compare-and-set; raises Conflict when somebody was first."""
    standing = Contact.objects.filter(id=contact.id, state__in=CONTACT.sources(verb))
    if not standing.update(state=CONTACT.target(verb), version=F("version") + 1, **fields):
        contact.refresh_from_db()
        raise Conflict(_somebody_was_first(contact), code="contact_changed")
    _follow(contact, _standing(contact.id)[0])


def _follow(contact: Contact, standing: Contact) -> None:
    """Make a contact as it stands. Queue and people are kept where they are the same; its case may have changed too."""
    for column in Contact._meta.concrete_fields:
        setattr(contact, column.attname, getattr(standing, column.attname))
    if Contact.case.is_cached(contact):
        Contact.case.field.delete_cached_value(contact)


@written_once
def _standing(contact_id: int) -> QuerySet[Contact]:
    return Contact.objects.filter(id=contact_id)


def note_visitors_seen(contact_ids: list[int], *, now: datetime) -> None:
    """Remember that customers' live streams are open; not an event, only a heartbeat."""
    Contact.objects.filter(id__in=contact_ids).update(visitor_seen_at=now)


def milliseconds(start: datetime, end: datetime) -> int:
    """Return the whole milliseconds between two instants, never negative."""
    return max(0, round((end - start).total_seconds() * 1000))


def _somebody_was_first(contact: Contact) -> str:
    if contact.assignee and contact.state == "active":
        return _("%(name)s has just taken this one") % {"name": contact.assignee.name}
    return _("This contact has just changed. Look again")


def _open_case(request: ContactRequest, *, by: Actor, now: datetime) -> Case:
    wish = request.want.strip() or request.text.strip()
    case = Case.objects.create(
        customer=request.customer,
        brand=request.queue.brand,
        queue=request.queue,
        subject=one_line(clean(wish, 1000), 80),
        wants=clean(wish, 1000),
        language=request.language,
        contacts_count=1,
        opened_at=now,
        changed_at=now,
        is_sample=request.queue.is_sample,
        opened_as=request.opened_as,
    )
    event = CaseOpened(
        case_id=case.id,
        customer_id=case.customer_id,
        brand_id=case.brand_id,
        queue_id=case.queue_id,
        language=case.language,
    )
    record(event, by=by, now=now, sample=case.is_sample)
    return case


def _reopened(case: Case, *, now: datetime) -> Case:
    """A new contact always makes its case open again: a "thanks" never hides what is owed."""
    case.contacts_count += 1
    if case.state in CASE.sources("reopen"):
        case.state, case.solved_at = "open", None
    case.changed_at = now
    case.save(update_fields=["contacts_count", "state", "solved_at", "changed_at"])
    return case


def _create_contact(request: ContactRequest, case: Case, *, now: datetime) -> Contact:
    low, high = request.told_wait or (None, None)
    return Contact.objects.create(
        case=case,
        customer=request.customer,
        channel=request.channel,
        queue=request.queue,
        language=request.language,
        needs=request.needs,
        turn_since=now,
        asked_at=request.asked_at or now,
        due_at=request.due_at,
        last_text=one_line(request.text or request.want, 120),
        came_from=request.came_from[:300],
        opened_as=request.opened_as or case.read_as or case.opened_as,
        told_wait_low=low,
        told_wait_high=high,
        visitor_seen_at=now,
    )


def _opened(contact: Contact, case: Case) -> ContactOpened:
    return ContactOpened(
        contact_id=contact.id,
        case_id=case.id,
        customer_id=case.customer_id,
        brand_id=case.brand_id,
        queue_id=contact.queue_id,
        channel=contact.channel,
        language=contact.language,
        tier=contact.customer.tier,
        state=contact.state,
        asked_at=contact.asked_at.isoformat(),
        due_at=contact.due_at.isoformat() if contact.due_at else None,
        told_wait_low=contact.told_wait_low,
        told_wait_high=contact.told_wait_high,
        contacts_count=case.contacts_count,
        answer_within_seconds=contact.queue.answer_within_seconds,
        short_abandon_seconds=contact.queue.short_abandon_seconds,
    )


def _answered(contact: Contact, person: Person, first: bool, now: datetime) -> ContactAnswered:
    return ContactAnswered(
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        channel=contact.channel,
        person_id=person.id,
        person_name=person.name,
        person_public_name=person.customer_sees,
        asked_at=contact.asked_at.isoformat(),
        waited_ms=milliseconds(contact.asked_at, now),
        first=first,
    )


def _accept_handover(contact: Contact, person: Person, *, by: Actor, now: datetime) -> None:
    card = first(_cards_to_accept(contact.id))
    if card is None:
        return
    HandoverCard.objects.filter(id=card.id).update(accepted_by=person, accepted_at=now)
    event = HandoverAccepted(
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        handover_id=card.id,
        person_id=person.id,
    )
    record(event, by=by, now=now, sample=contact.is_sample)


@written_once
def _cards_to_accept(contact_id: int) -> QuerySet[HandoverCard]:
    return HandoverCard.objects.filter(contact_id=contact_id, accepted_at=None).order_by("-id")[:1]


def _take_ownership(case: Case, person: Person, *, now: datetime) -> int | None:
    """Make a person the case's owner; returns who owned it before."""
    before = case.owner_id
    Case.objects.filter(id=case.id).update(owner=person, changed_at=now)
    case.owner, case.changed_at = person, now
    return before


def _end_assignment(contact: Contact, *, now: datetime) -> int:
    live = Assignment.objects.filter(contact=contact, ended_at=None).first()
    if live is None:
        return 0
    Assignment.objects.filter(id=live.id).update(ended_at=now)
    return milliseconds(live.started_at, now)


def _held(contact: Contact, now: datetime) -> int:
    live = Assignment.objects.filter(contact=contact, ended_at=None).first()
    return milliseconds(live.started_at, now) if live else 0
