"""Things that a program names by id: found, or told beside the field that named them."""

from __future__ import annotations

from django.utils.translation import gettext as _

from heartline.common.errors import Invalid
from heartline.conversations.models import ContactReason
from heartline.people.models import Person, Queue


def queue_named(id: int) -> Queue:
    """Return a queue to hand over to; any will do, for work may go to every team."""
    found = Queue.objects.filter(id=id).first()
    if found is None:
        raise _unknown("to_queue_id", _("There is no such queue"))
    return found


def person_named(id: int | None) -> Person | None:
    """Return a colleague to hand over to, or None when nobody was named."""
    if id is None:
        return None
    found = Person.objects.filter(id=id).first()
    if found is None:
        raise _unknown("to_person_id", _("There is no such colleague, or they do not serve customers"))
    return found


def colleague_named(id: int) -> Person:
    """Return a colleague to ask."""
    found = Person.objects.filter(id=id, is_active=True).first()
    if found is None:
        raise _unknown("person_id", _("There is no such colleague, or they do not serve customers"))
    return found


def reason_named(id: int) -> ContactReason:
    """Return a reason for the wrap-up."""
    found = ContactReason.objects.filter(id=id).first()
    if found is None:
        raise _unknown("reason_id", _("This reason is no longer used. Choose another"))
    return found


def _unknown(name: str, message: str) -> Invalid:
    return Invalid(message, fields={name: message})
