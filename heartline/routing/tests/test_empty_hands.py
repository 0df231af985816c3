"""Nobody waits for somebody who is gone: what they had in hand goes back at once, to its old place."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from heartline.common.actors import Actor
from heartline.conversations.actions.cases import Wrapping, finish_contact
from heartline.conversations.actions.contacts import answer_contact, end_contact
from heartline.conversations.models import Contact
from heartline.ledger.models import Entry
from heartline.people.actions import actor_for
from heartline.people.models import Person, Role
from heartline.people.setup_actions import persons
from heartline.routing.actions import take_from_the_gone
from heartline.service.tests.verify import verify_action
from tests.cast import NOON, Cast, assemble, waiting_contact

LATER = NOON + timedelta(minutes=5)
BY = Actor.system("test")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def served(cast: Cast, person: Person) -> Contact:
    return answer_contact(waiting_contact(cast), person, by=actor_for(person), now=NOON)


def state(contact: Contact) -> tuple[str, int | None, object]:
    contact.refresh_from_db()
    return contact.state, contact.assignee_id, contact.asked_at


def test_whoever_is_deactivated_gives_back_what_they_serve(cast: Cast) -> None:
    first, second, other = served(cast, cast.grace), served(cast, cast.grace), served(cast, cast.lina)
    over = end_contact(served(cast, cast.grace), ended_by="person", by=actor_for(cast.grace), now=NOON)
    assert persons.deactivate(cast.grace, by=BY, now=LATER) == 2
    assert [state(contact) for contact in (first, second)] == [("waiting", None, NOON)] * 2
    assert state(other)[:2] == ("active", cast.lina.id)
    assert state(over)[:2] == ("wrap_up", cast.grace.id)
    assert persons.deactivate(cast.grace, by=BY, now=LATER) == 0


def test_the_page_says_how_many(cast: Cast) -> None:
    served(cast, cast.grace)
    served(cast, cast.grace)
    client = Client()
    client.force_login(cast.admin)
    page = client.post(f"/setup/people/{cast.grace.pk}/may-sign-in/", {"may": "no"}, follow=True)
    assert "2 contacts in their hands are back in their queues" in page.content.decode()


def test_whoever_gets_a_role_that_does_not_serve_gives_back_too(cast: Cast) -> None:
    contact = served(cast, cast.grace)
    persons.save_person(cast.grace, {"role": Role.ANALYST}, persons.Abilities(), by=BY, now=LATER)
    assert state(contact) == ("waiting", None, NOON)


def test_whoever_still_serves_keeps_theirs(cast: Cast) -> None:
    contact = served(cast, cast.grace)
    persons.save_person(cast.grace, {"role": Role.SUPERVISOR}, persons.Abilities(), by=BY, now=LATER)
    assert state(contact)[:2] == ("active", cast.grace.id)


def test_a_row_switched_off_behind_our_back_is_noticed(cast: Cast) -> None:
    contact = served(cast, cast.grace)
    Person.objects.filter(pk=cast.grace.pk).update(is_active=False)
    assert take_from_the_gone(now=LATER) == 1
    assert state(contact) == ("waiting", None, NOON)
    assert take_from_the_gone(now=LATER) == 0


@pytest.mark.usefixtures("settled")
def test_somebody_who_can_read_it_writes_the_wrap_up_of_whoever_is_gone(cast: Cast) -> None:
    over = end_contact(served(cast, cast.grace), ended_by="person", by=actor_for(cast.grace), now=NOON)
    persons.deactivate(cast.grace, by=BY, now=LATER)
    tomorrow = NOON + timedelta(days=1)

    assert verify_action([cast.supervisor, cast.tom], lambda: take_from_the_gone(now=tomorrow), now=tomorrow) == 1

    assert state(over)[:2] == ("wrap_up", cast.supervisor.id)
    assert take_from_the_gone(now=tomorrow) == 0
    wrapping = Wrapping(reason=cast.reason, resolution="solved")
    finish_contact(over, wrapping, by=actor_for(cast.supervisor), now=tomorrow + timedelta(minutes=2))
    told = Entry.objects.get(kind="conversations.contact_finished").body
    assert (told["person_id"], told["wrap_up_ms"]) == (cast.supervisor.id, 120_000), "the night is nobody's work"
