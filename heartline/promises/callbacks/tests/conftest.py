"""The cast, open day and night, and a customer who wants to be called."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import ContactRequest, abandon_contact, open_contact
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for
from heartline.people.models import Capacity, OpeningHours
from heartline.promises.actions import open_follow_up
from heartline.promises.callbacks.actions import agree
from heartline.routing.actions import take_contact
from tests.cast import NOON, Cast, assemble, waiting_contact

DUE = NOON + timedelta(hours=1)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = assemble()
    cast.brand.hours.all().delete()
    for weekday in range(7):
        OpeningHours.objects.create(brand=cast.brand, weekday=weekday, opens=time(0), closes=time(0))
    Capacity.objects.update_or_create(person=cast.lina, channel="callback", defaults={"limit": 3})
    return cast


def asks(cast: Cast, *, slot_at: datetime | None = None, now: datetime = NOON) -> Contact:
    """Let another customer ask to be called."""
    chat = waiting_contact(cast)
    customer = chat.customer
    abandon_contact(chat, "callback", by=Actor.customer(customer.id, ""), now=now)
    request = ContactRequest(
        customer=customer,
        queue=cast.chat_zh,
        channel="callback",
        language="zh-hans",
        text="请回电",
        client_key=f"call-{customer.id}",
        due_at=slot_at,
    )
    by = Actor.customer(customer.id, customer.name)
    contact = open_contact(request, by=by, now=now)
    agree(contact, slot_at, now=now)
    due = (slot_at or now) + timedelta(hours=1)
    open_follow_up(
        contact.case,
        "callback",
        contact=contact,
        owner=None,
        what="",
        due_at=due,
        phone="+8613800000000",
        by=by,
        now=now,
    )
    return contact


@pytest.fixture
def ringing(cast: Cast) -> Contact:
    """A call that Lina has in hand."""
    contact = asks(cast)
    return take_contact(contact, cast.lina, by=actor_for(cast.lina), now=NOON)
