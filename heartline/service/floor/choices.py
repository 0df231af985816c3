"""Whom a contact can be given to, with what each has in hand: what the floor's dialog shows."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.conversations.models import Contact
from heartline.conversations.rules import LIVE
from heartline.people.models import PresenceState
from heartline.people.queries import Scope
from heartline.service.floor.people import Load, PersonLine, people_on


@dataclass(frozen=True)
class Candidate:
    """A colleague who could get a contact, and what speaks against it."""

    person: PersonLine
    load: Load | None
    speaks: bool
    in_queue: bool

    @property
    def fits(self) -> bool:
        """Whether nothing speaks against it."""
        room = self.load is not None and self.load.held < self.load.limit
        return self.speaks and self.in_queue and room and self.person.state == PresenceState.AVAILABLE


def candidates_for(scope: Scope, contact: Contact) -> list[Candidate]:
    """Return the colleagues who serve, those whom nothing speaks against first, then by name."""
    in_hand = Contact.objects.filter(state__in=LIVE, assignee__isnull=False)
    people = people_on(scope, in_hand.select_related("case", "customer", "queue"))
    wanted = contact.needs.get("language", contact.language) if isinstance(contact.needs, dict) else contact.language
    found = [
        _candidate(person, contact, wanted) for person in people if person.serves and person.id != contact.assignee_id
    ]
    return sorted(found, key=lambda one: (not one.fits, not one.person.is_here))


def _candidate(person: PersonLine, contact: Contact, language: str) -> Candidate:
    return Candidate(
        person=person,
        load=next((load for load in person.loads if load.channel == contact.channel), None),
        speaks=not language or language in person.languages,
        in_queue=contact.queue_id in person.queues,
    )
