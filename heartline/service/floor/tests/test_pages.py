"""What a supervisor does from the floor, and what the page and its parts show to whom."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.models import Message
from heartline.ledger import topics
from heartline.ledger.positions import START
from heartline.ledger.queries import read_after
from heartline.people.actions import actor_for, note_seen, set_presence
from heartline.people.models import Person, Presence
from heartline.people.queries import scope_of, topics_of
from heartline.routing.models import Offer
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(seconds=30)


@pytest.fixture
def cast() -> Cast:
    cast = assemble()
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON)
    return cast


def client_of(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def get(person: Person, address: str) -> Any:
    with time_machine.travel(LATER, tick=False):
        return client_of(person).get(address)


def post(by: Person, address: str, **data: Any) -> Any:
    with time_machine.travel(LATER, tick=False):
        return client_of(by).post(address, json.dumps(data), content_type="application/json")


def test_the_page_holds_every_part_that_can_change(cast: Cast) -> None:
    waiting_contact(cast)
    page = get(cast.supervisor, "/floor/").content.decode()
    parts = get(cast.supervisor, "/floor/api/state").json()["parts"]
    assert set(parts) == {"alerts", "headline", "queues", "hours", "needs", "waiting", "people"}
    for name, html in parts.items():
        assert f'data-part="{name}"' in page
        assert html.strip()[:60] in page
    assert "陈雨桐" in page


def test_the_state_says_up_to_where_it_holds(cast: Cast) -> None:
    waiting_contact(cast)
    state = get(cast.supervisor, "/floor/api/state").json()
    assert state["position"] == str(read_after(START)[-1].position)


def test_an_analyst_looks_on_without_names_and_acts(cast: Cast) -> None:
    contact = waiting_contact(cast)
    page = get(cast.analyst, "/floor/").content.decode()
    assert "陈雨桐" not in page
    assert "冰箱" not in page
    assert "data-floor-give=" not in page
    assert post(cast.analyst, f"/floor/api/contacts/{contact.id}/give", person=cast.grace.id).status_code == 403
    assert get(cast.analyst, f"/floor/api/contacts/{contact.id}/choices").status_code == 403


def test_an_analysts_stream_carries_nothing_of_cases(cast: Cast) -> None:
    heard = topics_of(scope_of(cast.analyst), frozenset({7}))
    assert topics.queue(cast.chat_zh.id) not in heard
    assert topics.case(7) not in heard
    assert topics.queue(cast.chat_zh.id) in topics_of(scope_of(cast.supervisor), frozenset())


def test_agents_have_no_floor(cast: Cast) -> None:
    assert get(cast.grace, "/floor/").status_code == 403


def test_a_waiting_contact_is_given_to_a_colleague_with_a_word_why(cast: Cast) -> None:
    contact = waiting_contact(cast)
    choices = get(cast.supervisor, f"/floor/api/contacts/{contact.id}/choices").json()["html"]
    assert choices.index("Grace Okafor") < choices.index("Tom Reid")
    assert "does not serve in this language" in choices
    assert f'value="{cast.grace.id}" checked' in choices
    answer = post(
        cast.supervisor, f"/floor/api/contacts/{contact.id}/give", person=cast.grace.id, why="You know the fridge"
    )
    assert answer.json() == {"said": "Given to Grace Okafor"}
    contact.refresh_from_db()
    assert (contact.state, contact.assignee) == ("active", cast.grace)
    note = Message.objects.get(contact=contact, kind="note")
    assert (note.body, note.author) == ("You know the fridge", cast.supervisor)


def test_a_contact_in_hand_is_given_on_and_credited_to_both(cast: Cast) -> None:
    contact = answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    assert post(cast.supervisor, f"/floor/api/contacts/{contact.id}/give", person=cast.lina.id).status_code == 200
    moved = next(event for event in read_after(START) if event.kind == "conversations.contact_moved")
    assert (moved.body["from_person_id"], moved.body["person_id"], moved.actor_id) == (
        cast.grace.id,
        cast.lina.id,
        cast.supervisor.id,
    )


@pytest.mark.parametrize(("who", "status"), [("outsider", 404), ("expert", 404), ("analyst", 422), ("supervisor", 200)])
def test_only_colleagues_who_serve_can_be_given_something(cast: Cast, who: str, status: int) -> None:
    contact = waiting_contact(cast)
    person: Person = getattr(cast, who)
    assert post(cast.supervisor, f"/floor/api/contacts/{contact.id}/give", person=person.id).status_code == status


def test_another_teams_contacts_offers_and_people_do_not_exist(cast: Cast) -> None:
    contact = waiting_contact(cast, queue=cast.other_queue)
    offer = Offer.objects.create(contact=contact, person=cast.outsider, offered_at=NOON, expires_at=LATER, fence=1)
    assert post(cast.supervisor, f"/floor/api/contacts/{contact.id}/give", person=cast.grace.id).status_code == 404
    assert post(cast.supervisor, f"/floor/api/offers/{offer.id}/take-back").status_code == 404
    assert post(cast.supervisor, f"/floor/api/people/{cast.outsider.id}/presence", state="on_break").status_code == 404
    offer.refresh_from_db()
    assert offer.state == "pending"


def test_an_offer_is_taken_back_once(cast: Cast) -> None:
    contact = waiting_contact(cast)
    offer = Offer.objects.create(contact=contact, person=cast.grace, offered_at=NOON, expires_at=LATER, fence=1)
    assert post(cast.supervisor, f"/floor/api/offers/{offer.id}/take-back").status_code == 200
    offer.refresh_from_db()
    assert (offer.state, offer.end_reason) == ("withdrawn", "taken_back")
    assert post(cast.supervisor, f"/floor/api/offers/{offer.id}/take-back").status_code == 409
    assert post(cast.supervisor, "/floor/api/offers/99999/take-back").status_code == 404


def test_presence_of_others_is_set_and_recorded(cast: Cast) -> None:
    address = f"/floor/api/people/{cast.grace.id}/presence"
    assert post(cast.supervisor, address, state="on_break", reason="meal").json() == {
        "said": "Grace Okafor: On a break"
    }
    assert Presence.objects.get(person=cast.grace).state == "on_break"
    recorded = read_after(START)[-1]
    assert (recorded.kind, recorded.actor_id) == ("people.presence_changed", cast.supervisor.id)
    assert post(cast.grace, address, state="available").status_code == 403


def test_nobody_is_made_available_whose_desk_is_closed(cast: Cast) -> None:
    address = f"/floor/api/people/{cast.tom.id}/presence"
    assert post(cast.supervisor, address, state="available").status_code == 409
    note_seen([cast.tom.id], now=LATER)
    assert post(cast.supervisor, address, state="available").status_code == 200


@pytest.mark.parametrize(
    "data", [{"state": "asleep"}, {"state": "on_break", "reason": "missed_offer"}, {"state": 5}, {}]
)
def test_presence_is_chosen_from_the_list(cast: Cast, data: dict[str, Any]) -> None:
    address = f"/floor/api/people/{cast.grace.id}/presence"
    assert post(cast.supervisor, address, **data).status_code == 422
    assert Presence.objects.get(person=cast.grace).state == "available"
