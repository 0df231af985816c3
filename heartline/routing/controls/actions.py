"""The only writer of supervisors' decisions: about a contact that waits, a queue, and what everybody is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean, one_line
from heartline.conversations.actions.contacts import requeue_contact
from heartline.conversations.models import Contact
from heartline.ledger import topics
from heartline.ledger.actions import one_change, record
from heartline.ledger.live import signal
from heartline.people.actions import actor_for
from heartline.people.models import Brand, Person, Presence, Queue
from heartline.people.permissions import ROLES_WITH
from heartline.routing.actions import withdraw_offer_of
from heartline.routing.controls.events import (
    ContactControlled,
    EmergencyEnded,
    EmergencyTold,
    QueuePaused,
    QueueResumed,
)
from heartline.routing.controls.models import ContactControl, Control, ControlKind, EmergencyMessage, QueuePause
from heartline.routing.queries import SIGNED_IN

WHY_LIMIT = TOLD_LIMIT = 300
# What one contact can be raised by at most, however often: an hour passes any queue of chats, and is no licence to forget.
MANUAL_CAP = 3600
LONGEST_PIN = timedelta(hours=8)
LONGEST_PAUSE = timedelta(hours=24)
LONGEST_EMERGENCY = timedelta(days=7)
SYSTEM = Actor.system("controls")
# What a customer's open page hears when something changed that is told to everybody: look again.
LOOK = {"kind": "look"}


@dataclass(frozen=True, kw_only=True)
class Words:
    """What a supervisor writes: for customers in both languages, and why, for colleagues."""

    told_en: str = ""
    told_zh: str = ""
    why: str = ""

    def columns(self) -> dict[str, str]:
        """Return them cleaned, by column."""
        told = {
            "told_en": one_line(clean(self.told_en, TOLD_LIMIT), TOLD_LIMIT),
            "told_zh": one_line(clean(self.told_zh, TOLD_LIMIT), TOLD_LIMIT),
        }
        return {**told, "why": _why(self.why)}


def pin_contact(contact: Contact, person: Person, *, until: datetime, why: str, by: Person, now: datetime) -> Control:
    """Keep a waiting contact for one person who is here, until a moment at the latest; then it is everybody's again."""
    if not now < until <= now + LONGEST_PIN:
        raise Invalid(_("Choose how long from the list"), fields={"minutes": _("Choose from the list")})
    if not _serves_here(person):
        message = _("%(name)s is not signed in or does not serve customers, so it would not be kept for them") % {
            "name": person.name
        }
        raise Invalid(message, fields={"person": message})
    with one_change():
        _still_waiting(contact)
        _stand(contact, pinned_to=person, pinned_until=until)
        withdraw_offer_of(contact, but_not_to=person, reason="taken_back", by=actor_for(by), now=now)
        return _decided(contact, ControlKind.PIN, why, by=by, now=now, person=person, until=until)


def raise_contact(contact: Contact, seconds: int, *, why: str, by: Person, now: datetime) -> Control:
    """Let a waiting contact count as so many seconds more; all raises together never count for more than the cap."""
    if seconds <= 0:
        raise Invalid(_("Choose by how much from the list"), fields={"minutes": _("Choose from the list")})
    with one_change():
        _still_waiting(contact)
        standing = ContactControl.objects.filter(contact=contact).values_list("manual_seconds", flat=True).first() or 0
        added = min(seconds, MANUAL_CAP - standing)
        if added <= 0:
            raise Conflict(_("It is raised as far as that goes: an hour. Pin it or give it to somebody instead"))
        _stand(contact, manual_seconds=standing + added)
        return _decided(contact, ControlKind.RAISE, why, by=by, now=now, seconds=added)


def move_contact(contact: Contact, queue: Queue, *, why: str, by: Person, now: datetime) -> Control:
    """Put a waiting contact into another queue; it keeps its wait, and so its place there."""
    with one_change():
        _still_waiting(contact)
        before = contact.queue
        withdraw_offer_of(contact, but_not_to=None, reason="taken_back", by=actor_for(by), now=now)
        requeue_contact(contact, queue, by=actor_for(by), now=now)
        return _decided(contact, ControlKind.MOVE, why, by=by, now=now, from_queue=before, to_queue=queue)


def undo_control(control: Control, *, by: Person, now: datetime) -> Control:
    """Take a decision about a waiting contact back, as far as it still holds."""
    contact = control.contact
    with one_change():
        if not Control.objects.filter(id=control.id, undone_at=None).update(undone_at=now, undone_by=by):
            raise Conflict(_("This is undone already"))
        _still_waiting(contact)
        _UNDO[ControlKind(control.kind)](control, contact, by, now)
        control.refresh_from_db()
        _record(control, contact, by=by, now=now)
    return control


def pause_queue(queue: Queue, words: Words, *, until: datetime, by: Person, now: datetime) -> QueuePause:
    """Stop offering a queue's chats and messages until a moment, and tell its customers; calls we owe are still made."""
    if not now < until <= now + LONGEST_PAUSE:
        raise Invalid(_("Choose until when from the list"), fields={"minutes": _("Choose from the list")})
    with one_change():
        Queue.objects.select_for_update(no_key=True).filter(id=queue.id).values_list("id").first()
        for old in QueuePause.objects.filter(queue=queue, ended_at=None):
            if old.until > now:
                raise Conflict(_("%(queue)s is paused already. End that pause first") % {"queue": queue.name})
            _end_pause(old, "due", by=None, now=now)
        pause = QueuePause.objects.create(queue=queue, **words.columns(), by=by, by_name=by.name, at=now, until=until)
        _withdraw_offers_in(queue, by=by, now=now)
        waiting = _waiting_in([queue.id])
        event = QueuePaused(
            pause_id=pause.id, queue_id=queue.id, brand_id=queue.brand_id, until=until.isoformat(), waiting=len(waiting)
        )
        record(event, by=actor_for(by), now=now, sample=queue.is_sample)
        _let_them_look(waiting)
    return pause


def resume_queue(queue: Queue, *, by: Person, now: datetime) -> QueuePause:
    """End a queue's pause sooner than it was set for."""
    with one_change():
        pause = QueuePause.objects.filter(queue=queue, ended_at=None, until__gt=now).select_related("queue").first()
        if pause is None or not _end_pause(pause, "ended", by=by, now=now):
            raise Conflict(_("%(queue)s is not paused") % {"queue": queue.name})
    return pause


def tell_emergency(
    words: Words, brands: Iterable[Brand], *, everywhere: bool, until: datetime, by: Person, now: datetime
) -> EmergencyMessage:
    """Show words at once to customers of some brands, or of all, and to everybody who serves them."""
    columns, brands = words.columns(), list(brands)
    if not (columns["told_en"] or columns["told_zh"]):
        raise Invalid(_("Write what customers must know"), fields={"told_en": _("Write what customers must know")})
    if not now < until <= now + LONGEST_EMERGENCY:
        raise Invalid(_("Choose until when from the list"), fields={"minutes": _("Choose from the list")})
    if not (brands or everywhere):
        raise Invalid(_("Choose for which brands"), fields={"brand": _("Choose for which brands")})
    with one_change():
        told = EmergencyMessage.objects.create(
            everywhere=everywhere, **columns, by=by, by_name=by.name, at=now, until=until
        )
        told.brands.set(() if everywhere else brands)
        queue_ids = _queues_of(told)
        event = EmergencyTold(
            emergency_id=told.id,
            everywhere=everywhere,
            brand_ids=_brand_ids(told),
            queue_ids=queue_ids,
            until=until.isoformat(),
        )
        record(event, by=actor_for(by), now=now, sample=False)
        _let_them_look(_live_in(queue_ids))
    return told


def end_emergency(told: EmergencyMessage, *, by: Person, now: datetime) -> None:
    """Take an emergency message down sooner than it was set for."""
    with one_change():
        if not _end_emergency(told, "ended", by=by, now=now):
            raise Conflict(_("This message is shown no more already"))


def end_what_is_due(*, now: datetime) -> int:
    """End pauses and emergency messages whose time is over, so that desks and customers hear of it; returns how many."""
    pauses = QueuePause.objects.filter(ended_at=None, until__lte=now).select_related("queue").order_by("id")
    told = EmergencyMessage.objects.filter(ended_at=None, until__lte=now).order_by("id")
    return sum(_due(_end_pause, one, now) for one in pauses) + sum(_due(_end_emergency, one, now) for one in told)


def _due(end: Any, row: Any, now: datetime) -> int:
    with one_change():
        return int(end(row, "due", by=None, now=now))


def _end_pause(pause: QueuePause, how: str, *, by: Person | None, now: datetime) -> int:
    if not QueuePause.objects.filter(id=pause.id, ended_at=None).update(ended_at=now, ended_by=by):
        return 0
    queue, waiting = pause.queue, _waiting_in([pause.queue_id])
    event = QueueResumed(pause_id=pause.id, queue_id=queue.id, brand_id=queue.brand_id, how=how, waiting=len(waiting))
    record(event, by=actor_for(by) if by else SYSTEM, now=now, sample=queue.is_sample)
    _let_them_look(waiting)
    return 1


def _end_emergency(told: EmergencyMessage, how: str, *, by: Person | None, now: datetime) -> int:
    if not EmergencyMessage.objects.filter(id=told.id, ended_at=None).update(ended_at=now, ended_by=by):
        return 0
    queue_ids = _queues_of(told)
    event = EmergencyEnded(emergency_id=told.id, brand_ids=_brand_ids(told), queue_ids=queue_ids, how=how)
    record(event, by=actor_for(by) if by else SYSTEM, now=now, sample=False)
    _let_them_look(_live_in(queue_ids))
    return 1


def _undo_pin(control: Control, contact: Contact, by: Person, now: datetime) -> None:
    ContactControl.objects.filter(contact=contact, pinned_to=control.person_id).update(
        pinned_to=None, pinned_until=None
    )


def _undo_raise(control: Control, contact: Contact, by: Person, now: datetime) -> None:
    standing = ContactControl.objects.filter(contact=contact, manual_seconds__gte=control.seconds)
    standing.update(manual_seconds=F("manual_seconds") - control.seconds)


def _undo_move(control: Control, contact: Contact, by: Person, now: datetime) -> None:
    if contact.queue_id != control.to_queue_id or control.from_queue is None:
        raise Conflict(_("It has gone on to another queue since"))
    withdraw_offer_of(contact, but_not_to=None, reason="taken_back", by=actor_for(by), now=now)
    requeue_contact(contact, control.from_queue, by=actor_for(by), now=now)


_UNDO = {ControlKind.PIN: _undo_pin, ControlKind.RAISE: _undo_raise, ControlKind.MOVE: _undo_move}


def _still_waiting(contact: Contact) -> None:
    """Lock a contact and look at it again; raises Conflict when it does not wait any more."""
    Contact.objects.select_for_update(no_key=True).filter(id=contact.id).values_list("id").first()
    contact.refresh_from_db()
    if contact.state != "waiting":
        raise Conflict(_("This contact does not wait any more. Look again"), code="contact_changed")


def _stand(contact: Contact, **values: Any) -> None:
    ContactControl.objects.update_or_create(contact=contact, defaults=values)


def _decided(contact: Contact, kind: ControlKind, why: str, *, by: Person, now: datetime, **values: Any) -> Control:
    control = Control.objects.create(
        contact=contact, kind=kind, why=_why(why), by=by, by_name=by.name, at=now, **values
    )
    _record(control, contact, by=by, now=now)
    return control


def _record(control: Control, contact: Contact, *, by: Person, now: datetime) -> None:
    standing = ContactControl.objects.filter(contact=contact).values_list("manual_seconds", flat=True).first()
    event = ContactControlled(
        control_id=control.id,
        control=control.kind,
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        from_queue_id=control.from_queue_id if contact.queue_id == control.to_queue_id else control.to_queue_id,
        person_id=control.person_id,
        until=control.until.isoformat() if control.until else None,
        seconds=control.seconds,
        manual_seconds=standing or 0,
        undone=control.undone_at is not None,
    )
    record(event, by=actor_for(by), now=now, sample=contact.is_sample)


def _why(text: str) -> str:
    return one_line(clean(text, WHY_LIMIT), WHY_LIMIT)


def _serves_here(person: Person) -> bool:
    able = person.is_active and person.role in ROLES_WITH["contact.serve"]
    return able and Presence.objects.filter(person=person, state__in=SIGNED_IN).exists()


def _withdraw_offers_in(queue: Queue, *, by: Person, now: datetime) -> None:
    """Take back what is offered of a queue just now; a call that we owe goes on."""
    offered = Contact.objects.filter(queue=queue, state="waiting", offers__state="pending").exclude(channel="callback")
    for contact in offered.select_related("case").order_by("id"):
        withdraw_offer_of(contact, but_not_to=None, reason="queue_paused", by=actor_for(by), now=now)


def _waiting_in(queue_ids: Iterable[int]) -> list[int]:
    return list(Contact.objects.filter(queue__in=queue_ids, state="waiting").values_list("id", flat=True))


def _live_in(queue_ids: Iterable[int]) -> list[int]:
    live = Q(state="waiting") | Q(state="active")
    return list(Contact.objects.filter(live, queue__in=queue_ids).values_list("id", flat=True))


def _let_them_look(contact_ids: list[int]) -> None:
    """Tell customers whose page is open to look again, once all is written."""
    if contact_ids:
        transaction.on_commit(partial(signal, [topics.contact(id) for id in contact_ids], LOOK))


def _queues_of(told: EmergencyMessage) -> tuple[int, ...]:
    queues = Queue.objects.all() if told.everywhere else Queue.objects.filter(brand__in=told.brands.all())
    return tuple(queues.order_by("id").values_list("id", flat=True))


def _brand_ids(told: EmergencyMessage) -> tuple[int, ...]:
    return tuple(told.brands.order_by("id").values_list("id", flat=True))
