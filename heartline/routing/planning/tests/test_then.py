"""A day that is tried takes customers and colleagues as they were, and says of whom it does not know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.conversations.actions.cases import change_case
from heartline.conversations.models import Contact, ContactReason
from heartline.customers.actions import change_customer
from heartline.customers.models import Customer
from heartline.ledger.actions import record
from heartline.people.actions import actor_for, person_changed
from heartline.people.models import Skill
from heartline.people.setup_actions.persons import Abilities, save_person
from heartline.promises.actions import finish_follow_up, note_late, open_follow_up
from heartline.routing.planning.days import day_seen
from heartline.routing.planning.then import Needs, changes_since, needs_then
from heartline.routing.planning.trying import bounds
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("settled")]
HOUR = timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    return assemble()


def asks_again(contact: Contact, hours: float) -> Contact:
    """Return the same contact as if its customer had asked at another time."""
    found = Contact.objects.select_related("case", "customer").get(id=contact.id)
    found.asked_at = NOON + hours * HOUR
    return found


def needs_at(contact: Contact, hours: float) -> Needs:
    (needs,) = needs_then([asks_again(contact, hours)]).values()
    return needs


def test_a_complaint_counts_while_it_was_open(cast: Cast) -> None:
    contact = waiting_contact(cast, now=NOON)
    by = actor_for(cast.grace)
    reason = ContactReason.objects.create(key="complaint", name_en="Complaint")
    change_case(contact.case, {"reason": reason}, by=by, now=NOON + 1 * HOUR)
    change_case(contact.case, {"state": "solved"}, by=by, now=NOON + 3 * HOUR)
    assert [needs_at(contact, hours).complaint for hours in (0.5, 2, 4)] == [False, True, False]


def test_a_promise_counts_from_when_it_was_broken_until_it_was_kept(cast: Cast) -> None:
    contact, by = waiting_contact(cast, now=NOON), actor_for(cast.grace)
    owed = open_follow_up(
        contact.case, "low_score", contact=contact, owner=None, what="", due_at=NOON + HOUR, by=by, now=NOON
    )
    note_late(now=NOON + 1.1 * HOUR)
    owed.refresh_from_db()
    finish_follow_up(owed, "Rang and put it right", by=by, now=NOON + 3 * HOUR)
    assert [needs_at(contact, hours).broken_promise for hours in (0.5, 2, 4)] == [False, True, False]


def test_particular_care_is_what_it_was_before_each_change_since(cast: Cast) -> None:
    contact, by = waiting_contact(cast, now=NOON), actor_for(cast.grace)
    change_customer(contact.customer, {"needs_care": True}, by=by, now=NOON + HOUR)
    assert Customer.objects.get(id=contact.customer_id).needs_care
    assert [needs_at(contact, hours).vulnerable for hours in (0.5, 2)] == [False, True]


def test_the_owner_is_who_owned_it_then(cast: Cast) -> None:
    contact, by = waiting_contact(cast, now=NOON), actor_for(cast.grace)
    change_case(contact.case, {"owner": cast.grace}, by=by, now=NOON + HOUR)
    change_case(contact.case, {"owner": cast.lina}, by=by, now=NOON + 3 * HOUR)
    assert [needs_at(contact, hours).owner for hours in (2, 4)] == [cast.grace.id, cast.lina.id]


def test_what_people_could_do_is_what_it_was_when_the_day_began(cast: Cast) -> None:
    skill = Skill.objects.create(key="refunds", name_en="Refunds")
    able = Abilities(teams=[cast.team], languages=("zh-hans",), limits={"webchat": 3})
    save_person(cast.grace, {}, able, by=actor_for(cast.admin), now=NOON - 48 * HOUR)
    learned = Abilities(teams=[cast.team], languages=("zh-hans",), limits={"webchat": 3}, levels={skill.id: 4})
    save_person(cast.grace, {}, learned, by=actor_for(cast.admin), now=NOON + 24 * HOUR)
    before = changes_since(NOON)
    assert (before.could[cast.grace.id].skills, before.people) == ({}, ())
    assert changes_since(NOON + 25 * HOUR).could == {}
    assert day_seen(*bounds(NOON.date())).since.could.keys() == {cast.grace.id}


def test_whose_past_is_not_known_is_named(cast: Cast) -> None:
    event = person_changed(cast.lina, ("skills",))  # as it was told before the ledger kept what people could do
    record(event, by=actor_for(cast.admin), now=NOON + HOUR, sample=False)
    found = changes_since(NOON)
    assert (dict(found.could), found.people) == ({}, (cast.lina.name,))
