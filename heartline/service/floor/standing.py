"""How contacts stand, as far as a reader of the floor may know it: the rank, what comes next, and why not this colleague."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from heartline.conversations.models import Contact
from heartline.people.queries import Scope, colleagues_of
from heartline.routing.standing import Standing, WhyNot, standing_of, why_not_me
from heartline.service.floor.waits import who_is


@dataclass(frozen=True)
class WaitsWithout:
    """A waiting contact that is not with a person, and why."""

    contact: Contact
    who: str
    subject: str
    why: WhyNot


def standing_for(scope: Scope, contact: Contact, now: datetime) -> Standing | None:
    """Return how a contact stands; colleagues are those the reader works with."""
    return standing_of(contact.id, colleagues_of(scope).values_list("id", flat=True), now)


def waits_without(scope: Scope, person_id: int, now: datetime) -> list[WaitsWithout]:
    """Return what waits in the reader's queues, first in line first, each with why it is not with a person."""
    found = why_not_me(person_id, None if scope.everything else scope.queue_ids, now)
    rows = Contact.objects.filter(id__in=[id for id, _why in found]).select_related("case", "customer", "queue")
    contacts = {contact.id: contact for contact in rows}
    names = scope.may("personal.read")
    return [
        WaitsWithout(contacts[id], who_is(contacts[id], names), contacts[id].case.subject if names else "", why)
        for id, why in found
        if id in contacts
    ]
