"""What supervisors say from the floor: heard by whom it is for, read once, never by a customer; and taking over in one act."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from heartline.conversations.actions.cases import join_contact
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.models import Contact, HandoverCard, Message
from heartline.ledger import topics
from heartline.ledger.events import audience_of, enrich, public_view
from heartline.ledger.positions import START
from heartline.ledger.queries import Recorded, read_after
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of, topics_of
from heartline.service.floor.models import Announcement, AnnouncementRead, Whisper
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db
SECRET = "她上次很生气，先道歉"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def served(cast: Cast) -> Contact:
    return answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)


def ask(person: Person, address: str, after: timedelta = timedelta(minutes=1), **data: Any) -> Any:
    client = Client()
    client.force_login(person)
    with time_machine.travel(NOON + after, tick=False):
        if data:
            return client.post(address, json.dumps(data), content_type="application/json")
        return client.get(address)


def form(person: Person, address: str, **data: Any) -> Any:
    client = Client()
    client.force_login(person)
    with time_machine.travel(NOON + timedelta(minutes=1), tick=False):
        return client.post(address, data)


def told(kind: str) -> list[Recorded]:
    return [event for event in read_after(START) if event.kind == f"service.{kind}"]


def notices(person: Person, case_id: int | str = "") -> dict[str, Any]:
    found: dict[str, Any] = ask(person, f"/floor/api/notices?case={case_id}").json()
    return found


def whisper(cast: Cast, served: Contact) -> Whisper:
    answer = ask(cast.supervisor, f"/floor/api/contacts/{served.id}/whisper", text=SECRET)
    assert answer.json() == {"said": "Only Grace Okafor sees it"}
    return Whisper.objects.get()


def test_a_whisper_never_reaches_a_customer_or_another_colleague(cast: Cast, served: Contact) -> None:
    whisper(cast, served)
    (event,) = told("whispered")
    reached = audience_of(event.kind, event.body)
    assert reached == {topics.EVERYTHING, topics.person(cast.grace.id), topics.person(cast.supervisor.id)}
    assert topics.contact(served.id) not in reached
    assert public_view(event.kind, event.body) is None
    assert SECRET not in str(event.body)
    body = dict(event.body)
    enrich([(event.kind, body)])
    assert body["text"] == SECRET
    assert public_view(event.kind, body) is None
    # It is no message: nothing that is read for customers, or for whoever else sees the case, can hold it.
    assert not Message.objects.filter(contact=served, body__contains=SECRET).exists()
    join_contact(served, cast.expert, "expert", by=actor_for(cast.grace), now=NOON)
    for person in (cast.lina, cast.tom, cast.expert, cast.outsider):
        assert not topics_of(scope_of(person), frozenset({served.case_id})) & reached
        assert notices(person, served.case_id)["whispers"] == []
        for address in (f"/desk/api/cases/{served.case_id}", f"/desk/api/cases/{served.case_id}/story?all=1"):
            assert SECRET not in ask(person, address).content.decode()


def test_a_whisper_stands_until_it_is_read_by_whom_it_was_for(cast: Cast, served: Contact) -> None:
    said = whisper(cast, served)
    (shown,) = notices(cast.grace)["whispers"]
    assert (shown["text"], shown["from"], shown["mine"], shown["read"]) == (SECRET, "Ruth Adeyemi", True, False)
    assert ask(cast.lina, f"/floor/api/whispers/{said.id}/read", x=1).status_code == 404
    for _again in range(2):
        assert ask(cast.grace, f"/floor/api/whispers/{said.id}/read", x=1).status_code == 200
    assert len(told("whisper_read")) == 1
    assert notices(cast.grace)["whispers"] == []
    assert notices(cast.grace, served.case_id)["whispers"][0]["read"]
    assert notices(cast.supervisor, served.case_id)["whispers"][0]["mine"] is False


def test_whispering_takes_the_right_and_a_served_contact_of_ones_own_teams(cast: Cast, served: Contact) -> None:
    for person in (cast.grace, cast.lina, cast.analyst, cast.expert):
        assert ask(person, f"/floor/api/contacts/{served.id}/whisper", text="x").status_code == 403
    waiting = waiting_contact(cast)
    assert ask(cast.supervisor, f"/floor/api/contacts/{waiting.id}/whisper", text="x").status_code == 409
    assert ask(cast.supervisor, f"/floor/api/contacts/{served.id}/whisper", text=" ").status_code == 422
    theirs = waiting_contact(cast, queue=cast.other_queue)
    answer_contact(theirs, cast.outsider, by=actor_for(cast.outsider), now=NOON)
    assert ask(cast.supervisor, f"/floor/api/contacts/{theirs.id}/whisper", text="x").status_code == 404


def test_taking_over_is_one_act_with_a_card_and_credit_to_both(cast: Cast, served: Contact) -> None:
    address = f"/floor/api/contacts/{served.id}/take-over"
    assert ask(cast.grace, address, wants="x").status_code == 403
    answer = ask(cast.supervisor, address, after=timedelta(minutes=5), wants="冰箱今天要装好", promised="今天六点前")
    assert answer.json()["address"] == f"/desk/case/{served.case_id}/"
    served.refresh_from_db()
    assert (served.state, served.assignee) == ("active", cast.supervisor)
    card = HandoverCard.objects.get()
    assert (card.from_person, card.to_person, card.accepted_by) == (cast.grace, cast.supervisor, cast.supervisor)
    assert (card.wants, card.promised) == ("冰箱今天要装好", "今天六点前")
    moved = next(event for event in read_after(START) if event.kind == "conversations.contact_moved")
    assert (moved.body["why"], moved.body["held_ms"], moved.actor_id) == ("taken_over", 300_000, cast.supervisor.id)
    assert ask(cast.supervisor, address, wants="x").status_code == 409


def test_an_announcement_stands_until_read_or_over(cast: Cast) -> None:
    assert form(cast.grace, "/floor/announcements/", text="x", until="30").status_code == 403
    assert form(cast.supervisor, "/floor/announcements/", text="", until="30").status_code == 422
    assert form(cast.supervisor, "/floor/announcements/", text="x", until="99999").status_code == 422
    assert form(cast.supervisor, "/floor/announcements/", text="Line 2 is down", until="30").status_code == 302
    one = Announcement.objects.get()
    assert [shown["text"] for shown in notices(cast.grace)["announcements"]] == ["Line 2 is down"]
    for person in (cast.supervisor, cast.outsider):
        assert notices(person)["announcements"] == []
    assert ask(cast.outsider, f"/floor/api/announcements/{one.id}/read", x=1).status_code == 404
    for _again in range(2):
        assert ask(cast.grace, f"/floor/api/announcements/{one.id}/read", x=1).status_code == 200
    assert AnnouncementRead.objects.count() == len(told("announcement_read")) == 1
    page = ask(cast.supervisor, "/floor/announcements/").content.decode()
    assert "1 have read it, 2 not yet" in page
    late = ask(cast.tom, "/floor/api/notices", after=timedelta(minutes=32)).json()
    assert late["announcements"] == []
    (event,) = told("announced")
    assert audience_of(event.kind, event.body) >= {topics.team(cast.team.id), topics.EVERYTHING}
    assert public_view(event.kind, event.body) is None


def test_everybody_is_for_administrators_and_others_teams_are_nobodys(cast: Cast) -> None:
    theirs = {"text": "x", "until": "30", "team": cast.other_team.id}
    assert form(cast.supervisor, "/floor/announcements/", **theirs).status_code == 404
    form(cast.supervisor, "/floor/announcements/", text="ours", until="30")
    form(cast.admin, "/floor/announcements/", text="all", until="30")
    assert [shown["text"] for shown in notices(cast.outsider)["announcements"]] == ["all"]
    assert {shown["text"] for shown in notices(cast.lina)["announcements"]} == {"ours", "all"}
    every = Announcement.objects.get(everybody=True)
    form(cast.admin, f"/floor/announcements/{every.id}/withdraw/")
    assert notices(cast.outsider)["announcements"] == []
    assert len(told("announcement_withdrawn")) == 1


def test_what_went_to_everybody_or_to_other_teams_is_not_a_supervisors_to_take_back(cast: Cast) -> None:
    form(cast.admin, "/floor/announcements/", text="all", until="30")
    form(cast.admin, "/floor/announcements/", text="both", until="30", team=[cast.team.id, cast.other_team.id])
    form(cast.admin, "/floor/announcements/", text="yours", until="30", team=[cast.team.id])
    page = ask(cast.supervisor, "/floor/announcements/").content.decode()
    for text, status in (("all", 404), ("both", 404), ("yours", 302)):
        one = Announcement.objects.get(text=text)
        address = f"/floor/announcements/{one.id}/withdraw/"
        assert text in page
        assert (address in page) == (status == 302)
        assert form(cast.supervisor, address).status_code == status
    assert [shown["text"] for shown in notices(cast.outsider)["announcements"]] == ["both", "all"]
