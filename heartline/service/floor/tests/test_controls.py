"""What a supervisor decides from the floor: pages without a script, the same by program, told to customers and desks at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from heartline.conversations.models import Contact
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.routing.controls.models import ContactControl, Control, QueuePause
from heartline.service.floor.standing import waits_without
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(seconds=30)


@pytest.fixture
def cast() -> Cast:
    cast = assemble()
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON)
    return cast


def page(person: Person, address: str) -> str:
    with time_machine.travel(LATER, tick=False):
        return _client(person).get(address).content.decode()


def post(by: Person, address: str, **data: Any) -> Any:
    with time_machine.travel(LATER, tick=False):
        return _client(by).post(address, data)


def _client(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_a_contacts_page_says_its_rank_why_it_waits_and_why_not_whom(cast: Cast) -> None:
    contact = waiting_contact(cast)
    set_presence(cast.tom, "on_break", by=actor_for(cast.tom), now=NOON)
    said = page(cast.supervisor, f"/floor/contacts/{contact.id}/")
    for words in (
        "Waiting for 30 s",
        "The customer is there right now",
        "Somebody is free",
        "Does not serve in Chinese",
        "Grace",
    ):
        assert words in said


def test_a_contact_is_kept_raised_moved_and_each_is_undone(cast: Cast) -> None:
    contact = waiting_contact(cast)
    base, lead = f"/floor/contacts/{contact.id}", cast.supervisor
    post(lead, f"{base}/pin/", person=cast.grace.id, minutes=15, why="She knows them")
    post(lead, f"{base}/raise/", minutes=5, why="Their child is ill")
    assert "kept for Grace Okafor" in page(lead, "/floor/")
    assert "raised by 5 min" in page(lead, "/floor/")
    post(lead, f"{base}/move/", queue=cast.chat_en.id)
    contact.refresh_from_db()
    assert (contact.queue, ContactControl.objects.get().manual_seconds) == (cast.chat_en, 300)
    for control in Control.objects.all():
        post(lead, f"/floor/controls/{control.id}/undo/")
    contact.refresh_from_db()
    assert (contact.queue, ContactControl.objects.get().manual_seconds) == (cast.chat_zh, 0)
    assert "undone" in page(lead, "/floor/controls/")


def test_a_refusal_stands_beside_what_was_asked(cast: Cast) -> None:
    contact = waiting_contact(cast)
    refused = post(cast.supervisor, f"/floor/contacts/{contact.id}/pin/", person=cast.lina.id, minutes=15)
    assert refused.status_code == 422
    assert "is not signed in" in refused.content.decode()


def test_a_paused_queue_is_said_to_customers_in_both_languages_with_a_way_to_a_person(cast: Cast) -> None:
    contact = waiting_contact(cast)
    post(
        cast.supervisor,
        "/floor/controls/",
        what="pause",
        queue=cast.chat_zh.id,
        minutes=30,
        told_zh="我们正在修复系统。",
        why="Outage",
    )
    assert QueuePause.objects.get().why == "Outage"
    assert "paused until" in page(cast.supervisor, "/floor/")
    assert "Its queue is paused" in page(cast.supervisor, f"/floor/contacts/{contact.id}/")
    with time_machine.travel(LATER, tick=False):
        hall = Client(headers={"accept-language": "zh-hans"}).get("/").content.decode()
    assert "我们正在修复系统。12:08 恢复接待" in hall
    assert "tel:400-555-0142" in hall
    assert hall.count("等回电") + hall.count("回电") > 0
    post(cast.supervisor, f"/floor/queues/{cast.chat_zh.id}/resume/")
    assert "paused until" not in page(cast.supervisor, "/floor/")


def test_an_emergency_is_on_the_contact_page_and_on_desks_until_it_is_taken_down(cast: Cast) -> None:
    post(
        cast.supervisor,
        "/floor/controls/",
        what="tell",
        told_en="Do not use heater H2",
        told_zh="请勿使用 H2 取暖器",
        minutes=30,
    )
    with time_machine.travel(LATER, tick=False):
        assert "Do not use heater H2" in Client(headers={"accept-language": "en"}).get("/").content.decode()
        assert "请勿使用 H2 取暖器" in Client(headers={"accept-language": "zh-hans"}).get("/").content.decode()
        told = _client(cast.grace).get("/floor/api/notices").json()["house"]
        assert _client(cast.outsider).get("/floor/api/notices").json()["house"] == told, "it is of the same brand"
    assert [one["text"] for one in told] == ["Do not use heater H2"]
    post(cast.supervisor, f"/floor/emergencies/{told[0]['key'].partition('-')[2]}/take-down/")
    with time_machine.travel(LATER, tick=False):
        assert "heater" not in Client().get("/").content.decode()


def test_everybody_can_see_why_not_them(cast: Cast) -> None:
    waiting_contact(cast)
    Contact.objects.update(needs={"language": "zh-hans", "skills": {"installation": 5}})
    assert "It asks for Installation at level 5 or above; here it is 4" in page(cast.grace, "/floor/own/")
    assert "It asks for Installation" in page(cast.supervisor, f"/floor/people/{cast.grace.id}/")
    assert "you are not signed in to work" in page(cast.tom, "/floor/own/")
    assert waits_without(scope_of(cast.outsider), cast.grace.id, LATER) == []
