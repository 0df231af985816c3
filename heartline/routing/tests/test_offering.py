"""The offers of one round are made together, and only where the world is still as it was when they were decided."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heartline.conversations.actions.contacts import abandon_contact
from heartline.conversations.models import Contact
from heartline.ledger.models import Entry
from heartline.people.actions import set_presence
from heartline.people.models import Person, Presence
from heartline.routing.actions import make_offer, take_contact
from heartline.routing.models import DispatcherLease, Offer
from heartline.routing.offering import make_offers
from heartline.routing.queries import situation
from heartline.routing.rules import Match
from heartline.routing.tests.helpers import TEST, by, fence, free, later
from tests.cast import NOON, Cast, waiting_contact


def decided(*pairs: tuple[Contact, Person]) -> list[Match]:
    return [Match(contact.id, person.id, (("longest_without", {}),)) for contact, person in pairs]


@pytest.fixture
def pairs(cast: Cast) -> list[tuple[Contact, Person]]:
    free(cast.grace, cast.lina, now=NOON)
    return [(waiting_contact(cast), cast.grace), (waiting_contact(cast), cast.lina)]


def offered() -> list[tuple[int, int]]:
    return list(Offer.objects.order_by("id").values_list("contact_id", "person_id"))


def test_all_are_made_with_their_events_and_their_people_go_to_the_end_of_the_row(pairs) -> None:
    made = make_offers(decided(*pairs), situation().servers, fence=fence(), now=NOON)
    assert offered() == [(contact.id, person.id) for contact, person in pairs]
    told = Entry.objects.filter(kind="routing.offer_made").order_by("id")
    assert [entry.body["offer_id"] for entry in told] == [offer.id for offer in made]
    assert told[0].body["reasons"] == [["longest_without", {}]]
    last = Presence.objects.filter(person__in=[person for _, person in pairs])
    assert {presence.last_offered_at for presence in last} == {NOON}


def test_an_offer_made_together_is_kept_as_one_made_alone(pairs) -> None:
    (first, grace), (second, lina) = pairs
    make_offer(first, grace, (("longest_without", {}),), fence=fence(), now=NOON)
    make_offers(decided((second, lina)), situation().servers, fence=fence(), now=NOON)

    def kept(contact: Contact) -> dict[str, Any]:
        entry = Entry.objects.get(kind="routing.offer_made", contact_id=contact.id)
        own = {"offer_id", "contact_id", "case_id", "customer_id", "person_id"}
        body = {name: value for name, value in entry.body.items() if name not in own}
        return {"body": body, "by": entry.actor_name, "version": entry.version, "queue": entry.queue_id}

    assert kept(first) == kept(second)


def test_the_number_of_questions_does_not_grow(cast: Cast, pairs) -> None:
    def questions(*some: tuple[Contact, Person]) -> int:
        servers, number = situation().servers, fence()
        with CaptureQueriesContext(connection) as captured:
            make_offers(decided(*some), servers, fence=number, now=NOON)
        return len(captured)

    one = questions((waiting_contact(cast), free_supervisor(cast)))
    assert questions(*pairs) == one <= 12


def free_supervisor(cast: Cast) -> Person:
    free(cast.supervisor, now=NOON)
    return cast.supervisor


def test_a_customer_who_left_meanwhile_is_left_out_and_the_others_are_not(pairs) -> None:
    (first, _), (second, lina) = pairs
    servers = situation().servers
    abandon_contact(first, "left", by=TEST, now=NOON)
    make_offers(decided(*pairs), servers, fence=fence(), now=NOON)
    assert offered() == [(second.id, lina.id)]


def test_a_person_who_took_something_meanwhile_is_left_to_the_next_round(cast: Cast, pairs) -> None:
    (_, grace), (second, lina) = pairs
    servers = situation().servers
    take_contact(waiting_contact(cast), grace, by=by(grace), now=NOON)
    make_offers(decided(*pairs), servers, fence=fence(), now=NOON)
    assert offered() == [(second.id, lina.id)]


@pytest.mark.parametrize("how", ["on a break", "may not sign in"])
def test_a_person_who_went_meanwhile_is_left_out(pairs, how: str) -> None:
    (_, grace), (second, lina) = pairs
    servers = situation().servers
    if how == "on a break":
        set_presence(grace, "on_break", by=TEST, now=NOON)
    else:
        Person.objects.filter(id=grace.id).update(is_active=False)
    make_offers(decided(*pairs), servers, fence=fence(), now=NOON)
    assert offered() == [(second.id, lina.id)]


def test_what_is_offered_already_is_not_offered_again(pairs) -> None:
    (first, grace), (_, lina) = pairs
    servers = situation().servers
    make_offers(decided((first, grace)), servers, fence=fence(), now=NOON)
    make_offers(decided((first, lina), (first, grace)), servers, fence=fence(), now=later(NOON, seconds=1))
    assert offered() == [(first.id, grace.id)]


def test_who_is_deposed_writes_nothing(pairs) -> None:
    servers, old = situation().servers, fence()
    DispatcherLease.objects.update(fence=old + 1)
    assert make_offers(decided(*pairs), servers, fence=old, now=NOON) == []
    assert offered() == []
