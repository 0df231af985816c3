"""A contact that was served and has ended, and its invitation."""

from __future__ import annotations

from datetime import datetime

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import answer_contact, end_contact
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for
from heartline.voice_of_customer.actions import invite
from heartline.voice_of_customer.models import Invitation
from tests.cast import NOON, Cast, waiting_contact


def ended_contact(cast: Cast, *, now: datetime = NOON) -> Contact:
    """Return a contact that Grace served and the customer ended."""
    contact = waiting_contact(cast, now=now)
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=now)
    return end_contact(contact, ended_by="customer", by=customer_of(contact), now=now)


def customer_of(contact: Contact) -> Actor:
    """Return the customer as an actor."""
    return Actor.customer(contact.customer_id, contact.customer.name)


def invited(cast: Cast, *, now: datetime = NOON) -> tuple[Invitation, str]:
    """Return an invitation and its secret."""
    contact = ended_contact(cast, now=now)
    asked = invite(contact, by=customer_of(contact), now=now)
    assert asked
    return asked
