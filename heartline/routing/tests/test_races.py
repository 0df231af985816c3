"""Twenty at once: exactly one wins, everybody else hears so, and nothing is done twice."""

from __future__ import annotations

from functools import partial

import pytest

from heartline.common.errors import Conflict
from heartline.conversations.actions.contacts import abandon_contact
from heartline.conversations.models import Assignment, Contact
from heartline.ledger.models import Entry
from heartline.people.models import Capacity, Person, Presence
from heartline.routing import lease
from heartline.routing.actions import accept_offer, expire_offers, make_offer, take_contact
from heartline.routing.models import DispatcherLease, Offer
from heartline.routing.tests.helpers import TEST, at_once, by, fence, free, later, offer, sweep
from tests.cast import NOON, Cast, waiting_contact

CROWD = 20


def winners(results: list[object]) -> list[object]:
    """Return who won, having checked that everybody else was refused politely."""
    lost = [result for result in results if isinstance(result, Exception)]
    assert all(isinstance(refusal, Conflict) for refusal in lost), lost
    return [result for result in results if not isinstance(result, Exception) and result is not None]


def count(kind: str) -> int:
    return Entry.objects.filter(kind=kind).count()


def crowd(cast: Cast) -> list[Person]:
    people = []
    for number in range(CROWD):
        person = Person.objects.create(email=f"p{number}@example.com", name=f"Agent {number}", site=cast.site)
        Capacity.objects.create(person=person, channel="webchat", limit=1)
        Presence.objects.create(person=person, since=NOON, state="available")
        people.append(person)
    return people


def test_of_twenty_who_accept_one_offer_exactly_one_wins(open_cast: Cast) -> None:
    made = offer(waiting_contact(open_cast), open_cast.grace, now=NOON)
    actor = by(open_cast.grace)
    results = at_once([lambda: accept_offer(made.id, open_cast.grace, by=actor, now=NOON)] * CROWD)
    assert len(winners(results)) == 1
    assert Assignment.objects.count() == 1
    assert count("conversations.contact_answered") == count("routing.offer_ended") == 1


def test_of_twenty_who_take_one_contact_exactly_one_wins(open_cast: Cast) -> None:
    contact = waiting_contact(open_cast)
    people = crowd(open_cast)

    def take(person: Person) -> Contact:
        return take_contact(Contact.objects.get(id=contact.id), person, by=by(person), now=NOON)

    results = at_once([partial(take, person) for person in people])
    (won,) = winners(results)
    assert isinstance(won, Contact)
    assert Assignment.objects.get(ended_at=None).person_id == won.assignee_id
    assert count("conversations.contact_answered") == 1


def test_of_twenty_offers_of_one_contact_one_stands(open_cast: Cast) -> None:
    contact = waiting_contact(open_cast)
    people, number = crowd(open_cast), fence()
    jobs = [partial(make_offer, contact, person, (), fence=number, now=NOON) for person in people]
    assert len(winners(at_once(jobs))) == 1
    assert Offer.objects.count() == count("routing.offer_made") == 1


def test_of_twenty_contacts_offered_to_one_person_their_capacity_is_kept(open_cast: Cast) -> None:
    contacts = [waiting_contact(open_cast) for _ in range(CROWD)]
    free(open_cast.grace, now=NOON)
    number, limit = fence(), 3
    jobs = [partial(make_offer, it, open_cast.grace, (), fence=number, now=NOON) for it in contacts]
    assert len(winners(at_once(jobs))) == limit


def test_pulling_many_at_once_stays_within_capacity(open_cast: Cast) -> None:
    contacts = [waiting_contact(open_cast) for _ in range(8)]
    actor, limit = by(open_cast.grace), 3
    jobs = [partial(take_contact, it, open_cast.grace, by=actor, now=NOON) for it in contacts]
    assert len(winners(at_once(jobs))) == limit
    assert Contact.objects.filter(assignee=open_cast.grace, state="active").count() == limit


@pytest.mark.parametrize("round", range(3))
def test_accepting_races_with_the_lapse_and_one_of_them_happens(open_cast: Cast, round: int) -> None:
    made = offer(waiting_contact(open_cast), open_cast.grace, now=NOON)
    actor, end = by(open_cast.grace), made.expires_at
    accept = [lambda: accept_offer(made.id, open_cast.grace, by=actor, now=later(NOON, seconds=24))] * 3
    lapse = [lambda: expire_offers(now=end)] * 3
    results = at_once([*accept, *lapse])
    assert sum(isinstance(result, Contact) for result in results) + sum(result == 1 for result in results) == 1
    assert count("routing.offer_ended") == 1
    made.refresh_from_db()
    contact = Contact.objects.get(id=made.contact_id)
    assert (made.state, contact.state) in {("accepted", "active"), ("expired", "waiting")}


@pytest.mark.parametrize("round", range(3))
def test_accepting_races_with_leaving_pulling_and_the_sweep(open_cast: Cast, round: int) -> None:
    """Locks are taken in one order: nobody waits in a circle, and exactly one of them gets the contact."""
    contact = waiting_contact(open_cast)
    made = offer(contact, open_cast.grace, now=NOON)
    actor = by(open_cast.grace)

    def leave() -> Contact:
        return abandon_contact(Contact.objects.get(id=contact.id), "left", by=TEST, now=NOON)

    def pull() -> Contact:
        return take_contact(Contact.objects.get(id=contact.id), open_cast.lina, by=by(open_cast.lina), now=NOON)

    def accept() -> Contact:
        return accept_offer(made.id, open_cast.grace, by=actor, now=NOON)

    def sweep_all() -> None:
        sweep(NOON)

    results = at_once([accept, pull, leave, sweep_all, accept, pull])
    assert len(winners(results)) == 1
    sweep(NOON)
    contact.refresh_from_db()
    assert contact.state in {"active", "abandoned"}
    assert Offer.objects.filter(state="pending").count() == 0
    assert count("routing.offer_ended") == 1


def test_of_twenty_candidates_one_dispatches(open_cast: Cast) -> None:
    results = at_once([lambda name=name: lease.claim(f"candidate {name}") for name in range(CROWD)])
    assert [result for result in results if result is not None] == [1]
    assert DispatcherLease.objects.get().fence == 1
