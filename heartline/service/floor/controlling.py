"""What a supervisor decides about what waits, for pages and programs alike: each act checks that it is theirs to decide."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from heartline.common.errors import NotAllowed, NotFound
from heartline.people.models import Queue
from heartline.routing.controls import actions
from heartline.routing.controls.actions import Words
from heartline.routing.controls.models import Control, EmergencyMessage, QueuePause
from heartline.routing.controls.queries import (
    any_queue,
    brands_to_tell,
    contact_to_control,
    control_to_undo,
    emergency_to_end,
    queue_to_control,
)
from heartline.service.actions import Worker
from heartline.service.floor.actions import colleague_for

PIN_FOR = {
    5: _("for 5 minutes"),
    15: _("for 15 minutes"),
    30: _("for half an hour"),
    60: _("for an hour"),
    240: _("for 4 hours"),
}
RAISE_BY = {
    2: _("by 2 minutes"),
    5: _("by 5 minutes"),
    15: _("by 15 minutes"),
    30: _("by half an hour"),
    60: _("by an hour"),
}
PAUSE_FOR = {
    10: _("for 10 minutes"),
    30: _("for half an hour"),
    60: _("for an hour"),
    120: _("for two hours"),
    480: _("for 8 hours"),
    1440: _("for a day"),
}
TELL_FOR = {
    30: _("for half an hour"),
    120: _("for two hours"),
    480: _("for 8 hours"),
    1440: _("for a day"),
    4320: _("for three days"),
}


def pin(worker: Worker, contact_id: int, person_id: int, minutes: int, why: str) -> Control:
    """Keep a waiting contact for a colleague for some minutes."""
    contact, person = contact_to_control(worker.scope, contact_id), colleague_for(worker.scope, person_id)
    until = worker.now + timedelta(minutes=minutes)
    return actions.pin_contact(contact, person, until=until, why=why, by=worker.person, now=worker.now)


def raise_by(worker: Worker, contact_id: int, minutes: int, why: str) -> Control:
    """Let a waiting contact count as some minutes more."""
    contact = contact_to_control(worker.scope, contact_id)
    return actions.raise_contact(contact, minutes * 60, why=why, by=worker.person, now=worker.now)


def move_to(worker: Worker, contact_id: int, queue_id: int, why: str) -> Control:
    """Put a waiting contact into any queue of the house."""
    contact, queue = contact_to_control(worker.scope, contact_id), any_queue(queue_id)
    return actions.move_contact(contact, queue, why=why, by=worker.person, now=worker.now)


def undo(worker: Worker, control_id: int) -> Control:
    """Take a decision about a waiting contact back."""
    control = control_to_undo(worker.scope, control_id, now=worker.now)
    return actions.undo_control(control, by=worker.person, now=worker.now)


def pause(worker: Worker, queue_id: int, minutes: int, words: Words) -> QueuePause:
    """Pause a queue for some minutes."""
    until = worker.now + timedelta(minutes=minutes)
    queue = queue_to_control(worker.scope, queue_id)
    return actions.pause_queue(queue, words, until=until, by=worker.person, now=worker.now)


def resume(worker: Worker, queue_id: int) -> Queue:
    """End a queue's pause."""
    queue = queue_to_control(worker.scope, queue_id)
    actions.resume_queue(queue, by=worker.person, now=worker.now)
    return queue


def tell(worker: Worker, words: Words, brand_ids: Iterable[int], minutes: int, *, everywhere: bool) -> EmergencyMessage:
    """Tell customers of brands, or an administrator those of all, something at once."""
    wanted, mine = set(brand_ids), brands_to_tell(worker.scope)
    brands = [brand for brand in mine if brand.id in wanted]
    if len(brands) != len(wanted):
        raise NotFound(_("There is no such brand, or it is not yours"))
    if everywhere and not worker.scope.everything:
        raise NotAllowed(_("Only an administrator tells the customers of all brands something"))
    if not (wanted or everywhere) and len(mine) == 1:
        brands = mine
    until = worker.now + timedelta(minutes=minutes)
    return actions.tell_emergency(words, brands, everywhere=everywhere, until=until, by=worker.person, now=worker.now)


def take_down(worker: Worker, emergency_id: int) -> EmergencyMessage:
    """Take an emergency message down."""
    told = emergency_to_end(worker.scope, emergency_id, worker.now)
    actions.end_emergency(told, by=worker.person, now=worker.now)
    return told
