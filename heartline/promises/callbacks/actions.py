"""The only writer of calls we owe: agreed once, tried again, moved by the customer, told of when late, never dropped."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.actions.contacts import abandon_contact, end_contact, return_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Contact
from heartline.ledger.actions import one_change, record
from heartline.people.models import Queue
from heartline.people.queries import calendar_of
from heartline.promises.actions import finish_follow_up, move_due
from heartline.promises.callbacks.events import CallCalledOff, CallMoved, CallToldLate, CallTried
from heartline.promises.callbacks.models import Call, Try
from heartline.promises.callbacks.queries import owed_for, rooms
from heartline.promises.callbacks.rules import again_at
from heartline.routing.plans.queries import current_plan
from heartline.ui import formats

# A call agreed for a time is kept when it comes within this.
LASTS = timedelta(minutes=15)
TELLER = Actor.system("callbacks")
LATE_AT_ONCE = 100


def agree(contact: Contact, slot_at: datetime | None, *, by_staff: bool = False, now: datetime) -> Call:
    """Note the call that a contact stands for; at a time that was chosen, or as soon as it is their turn.

    Raises Invalid when the half hour is full: of any number who choose its last place at once, one has it. Whoever of us
    agrees a time decides it; it takes room all the same.
    """
    with one_change():
        known = Call.objects.filter(contact=contact).first()
        if known:
            return known
        if slot_at and not by_staff:
            _check_room(contact.queue, slot_at, now, but_not=contact)
        return Call.objects.create(contact=contact, slot_at=slot_at)


def note_try(contact: Contact, outcome: str, *, by: Actor, now: datetime) -> Try:
    """Note that whoever has a call in hand rang, and what came of it.

    Reached: the talk goes on in their hands. Not reached: it waits again at its old place and is offered from a later
    time on; after the last attempt the contact ends. The customer reads on their case's page what happened.
    """
    if outcome not in dict(Try.OUTCOMES):
        raise Invalid(_("Choose what came of the call"), fields={"outcome": _("Choose from the list")})
    with one_change():
        call = _open_call(contact)
        contact.refresh_from_db()
        if contact.state != "active" or contact.assignee_id != by.id:
            raise Conflict(_("This contact has just changed. Look again"), code="contact_changed")
        tries = call.tries + 1
        again = None if outcome == "reached" else _again_at(contact, outcome, tries, now)
        state = "reached" if outcome == "reached" else "open" if again else "given_up"
        if not Call.objects.filter(contact=contact, state="open", tries=call.tries).update(tries=tries, state=state):
            raise Conflict(_("This contact has just changed. Look again"), code="contact_changed")
        attempt = Try.objects.create(call=call, person=contact.assignee, outcome=outcome, at=now, again_at=again)
        told = CallTried(
            **_subjects(contact),
            person_id=contact.assignee_id,
            outcome=outcome,
            number=tries,
            again_at=again.isoformat() if again else None,
        )
        record(told, by=by, now=now, sample=contact.is_sample)
        if outcome != "reached":
            _nobody_answered(contact, attempt, tries, by=by, now=now)
    return attempt


def move_call(call: Call, slot_at: datetime | None, due_at: datetime, *, by: Actor, now: datetime) -> Call:
    """Let a customer choose another time; the place in line stays. `due_at` is by when we then call."""
    with one_change():
        contact = call.contact
        if slot_at:
            _check_room(contact.queue, slot_at, now, but_not=contact)
        waiting = Contact.objects.filter(id=contact.id, state="waiting")
        if not waiting.update(due_at=slot_at or now, version=F("version") + 1):
            raise Conflict(_("Somebody is calling you right now"), code="contact_changed")
        Call.objects.filter(contact=contact).update(slot_at=slot_at, late_told_at=None)
        _move_promise(contact, due_at, by=by, now=now)
        event = CallMoved(**_subjects(contact), slot_at=slot_at.isoformat() if slot_at else None)
        record(event, by=by, now=now, sample=contact.is_sample)
        call.refresh_from_db()
    return call


def call_off(call: Call, *, by: Actor, now: datetime) -> Call:
    """Let a customer say that they need no call any more; nothing is owed from then on."""
    with one_change():
        contact = call.contact
        if not Call.objects.filter(contact=contact, state="open").update(state="called_off"):
            raise Conflict(_("This contact has just changed. Look again"), code="contact_changed")
        abandon_contact(contact, "left", by=by, now=now)
        owed = owed_for(contact)
        if owed:
            finish_follow_up(owed, _("The customer needs no call any more"), by=by, now=now)
        record(CallCalledOff(**_subjects(contact)), by=by, now=now, sample=contact.is_sample)
        call.refresh_from_db()
    return call


def tell_late(*, now: datetime) -> int:
    """Tell customers, once, whose call is late; it stays in its place. Returns how many were told."""
    late = Call.objects.filter(state="open", late_told_at=None, contact__state="waiting")
    owed = late.filter(contact__case__follow_ups__kind="callback", contact__case__follow_ups__state="open")
    due = owed.filter(contact__case__follow_ups__due_at__lte=now).distinct()
    rows = due.select_related("contact", "contact__case").order_by("contact_id")[:LATE_AT_ONCE]
    return sum(_tell_late(call, now=now) for call in rows)


def _tell_late(call: Call, *, now: datetime) -> bool:
    with one_change():
        if not Call.objects.filter(contact=call.contact, late_told_at=None).update(late_told_at=now):
            return False
        with override(call.contact.language):
            words = _(
                "We are late with our call, and sorry. You keep your place, and we ring as soon as somebody is free"
            )
        _tell(call.contact, words, f"late-{now.timestamp():.0f}", now=now)
        record(CallToldLate(**_subjects(call.contact)), by=TELLER, now=now, sample=call.contact.is_sample)
    return True


def _again_at(contact: Contact, outcome: str, tries: int, now: datetime) -> datetime | None:
    return again_at(outcome, tries, current_plan().calls, calendar_of(contact.case.brand), now)


def _nobody_answered(contact: Contact, attempt: Try, tries: int, *, by: Actor, now: datetime) -> None:
    again = attempt.again_at
    _tell(contact, _words(contact, attempt, now), f"try-{tries}", now=now)
    if again is None:
        end_contact(contact, ended_by="person", by=by, now=now)
        return
    return_contact(contact, to_queue=contact.queue, preferred=None, why="no_answer", by=by, now=now)
    Contact.objects.filter(id=contact.id).update(due_at=again)
    Call.objects.filter(contact=contact).update(slot_at=None, late_told_at=None)
    _move_promise(contact, again + LASTS, by=by, now=now)


def _words(contact: Contact, attempt: Try, now: datetime) -> str:
    zone = contact.case.brand.site.time_zone
    with override(contact.language), timezone.override(zone):
        if attempt.outcome == "wrong_number":
            return _("The number you gave does not reach you. Write to us here, or ask for a call to another number")
        if attempt.again_at is None:
            return _("We rang again and could not reach you. Write to us here, or choose another time for a call")
        when = formats.time_or_day(attempt.again_at, language=contact.language, zone=zone, now=now)
        return _("We rang you and could not reach you. We try again from %(time)s") % {"time": when}


def _tell(contact: Contact, words: str, key: str, *, now: datetime) -> None:
    add_message(contact, "notice", words, client_key=f"call-{contact.id}-{key}", by=TELLER, now=now)


def _move_promise(contact: Contact, due_at: datetime, *, by: Actor, now: datetime) -> None:
    owed = owed_for(contact)
    if owed:
        move_due(owed, due_at, by=by, now=now)


def _check_room(queue: Queue, slot_at: datetime, now: datetime, *, but_not: Contact | None) -> None:
    """Refuse a half hour that is full; the queue is locked, so that nobody takes the last place meanwhile."""
    Queue.objects.select_for_update(no_key=True).filter(id=queue.id).values_list("id").first()
    if rooms(queue, [slot_at], now, but_not=but_not)[slot_at] < 1:
        message = _("This time has just been taken. Choose another")
        raise Invalid(message, code="time_full", fields={"when": message})


def _open_call(contact: Contact) -> Call:
    call = Call.objects.filter(contact=contact).first()
    if call is None and contact.channel == "callback":  # it was opened before calls were kept
        call = Call.objects.create(contact=contact)
    if call is None or call.state != "open":
        raise Conflict(_("No call is owed here any more"), code="no_call")
    return call


def _subjects(contact: Contact) -> dict[str, int]:
    return {
        "contact_id": contact.id,
        "case_id": contact.case_id,
        "customer_id": contact.customer_id,
        "queue_id": contact.queue_id,
    }
