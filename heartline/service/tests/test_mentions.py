"""Calling colleagues in notes: they hear of it at once, see the case, and have a list of what they have not read."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client

from heartline.common.actors import Actor
from heartline.common.errors import Conflict
from heartline.conversations.actions.cases import join_contact
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.mentions.queries import can_be_mentioned, unread_mentions
from heartline.conversations.mentions.rules import called_in
from heartline.conversations.models import Contact, Mention, Message, Participant
from heartline.conversations.queries import cases_for
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.service.actions import Worker, see, write
from heartline.service.tests.verify import verify_action
from heartline.service.writing import mentions
from tests.cast import NOON, Cast, assemble, waiting_contact

LATER = NOON + timedelta(minutes=1)
BY = Actor.system("test")


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def active(cast: Cast) -> Contact:
    return answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)


def worker(person: Person) -> Worker:
    return Worker(person=person, scope=scope_of(person), now=LATER)


def call(cast: Cast, contact: Contact, *people: Person, text: str = "", key: str = "calling-1") -> Message:
    words = text or " ".join(f"@{person.name}" for person in people)
    ids = [person.id for person in people]
    return mentions.write_calling(worker(cast.grace), contact, words, ids, client_key=key, attachments=())


def test_the_longest_name_wins():
    names = {1: "Ana", 2: "Ana Duarte", 3: "李娜"}
    assert called_in("@Ana Duarte 和 @李娜，请看", names) == (2, 3)
    assert called_in("@Ana, and @Ana Duarte", names) == (1, 2)
    assert called_in("Ana Duarte", names) == ()


def test_a_colleague_of_another_team_sees_the_case_from_then_on(cast: Cast, active: Contact) -> None:
    assert active.case not in cases_for(scope_of(cast.outsider))
    call(cast, active, cast.outsider)
    assert active.case in cases_for(scope_of(cast.outsider))
    assert Participant.objects.get(person=cast.outsider).role == "mentioned"


def test_who_was_only_mentioned_reads_and_writes_notes_until_they_are_let_in(cast: Cast, active: Contact) -> None:
    theirs = call(cast, active, cast.outsider)
    with pytest.raises(Conflict):
        write(worker(cast.outsider), active, "reply", "您好", client_key="from-elsewhere-1", attachments=())
    assert see(worker(cast.outsider), active, theirs.id) == 0, "the customer is not told that they were read"
    write(worker(cast.outsider), active, "note", "看过了", client_key="from-elsewhere-2", attachments=())

    people = [cast.grace, cast.outsider]
    verify_action(people, lambda: join_contact(active, cast.outsider, "joined", by=BY, now=LATER), now=LATER)
    said = write(worker(cast.outsider), active, "reply", "您好", client_key="from-elsewhere-1", attachments=())
    assert said.kind == "reply"


def test_who_sees_the_case_anyway_takes_no_part_in_it(cast: Cast, active: Contact) -> None:
    call(cast, active, cast.tom, cast.supervisor)
    assert not Participant.objects.exists()
    assert Mention.objects.count() == 2


def test_only_who_stands_in_the_words_is_called(cast: Cast, active: Contact) -> None:
    call(cast, active, cast.tom, cast.lina, text=f"@{cast.tom.name} please look")
    assert [mention.person for mention in Mention.objects.all()] == [cast.tom]


def test_nobody_is_called_twice_or_by_themselves(cast: Cast, active: Contact) -> None:
    call(cast, active, cast.tom, cast.grace)
    call(cast, active, cast.tom, cast.grace)
    assert [mention.person for mention in Mention.objects.all()] == [cast.tom]


def test_analysts_do_not_read_what_is_said_and_are_not_called(cast: Cast, active: Contact) -> None:
    assert cast.analyst not in can_be_mentioned()
    call(cast, active, cast.analyst)
    assert not Mention.objects.exists()


def test_every_desk_follows(cast: Cast, active: Contact) -> None:
    people = [cast.grace, cast.tom, cast.outsider, cast.expert, cast.supervisor, cast.admin]
    verify_action(people, lambda: call(cast, active, cast.tom, cast.outsider, cast.expert), now=LATER)
    verify_action(people, lambda: mentions.read(worker(cast.tom), active.case), now=LATER)


def test_unread_until_the_case_is_looked_at(cast: Cast, active: Contact) -> None:
    call(cast, active, cast.tom)
    (card,) = unread_mentions(cast.tom).values()
    assert (card["case_id"], card["by_name"], card["customer_name"]) == (active.case_id, "Grace Okafor", "陈雨桐")
    client = Client(headers={"accept": "application/json"})
    client.force_login(cast.tom)
    answer = client.post(f"/desk/api/cases/{active.case_id}/mentions-read", "{}", content_type="application/json")
    assert answer.json() == {"read": 1}
    assert unread_mentions(cast.tom) == {}


def test_over_http(cast: Cast, active: Contact) -> None:
    client = Client(headers={"accept": "application/json"})
    client.force_login(cast.grace)
    found = client.get("/desk/api/mentions/people").json()["people"]
    tom = next(person for person in found if person["name"] == cast.tom.name)
    assert cast.grace.name not in {person["name"] for person in found}
    body = {"kind": "note", "text": "@Tom Reid 看一下", "client_key": "note-key-1", "mentions": [tom["id"]]}
    path = f"/desk/api/contacts/{active.id}/messages"
    assert client.post(path, json.dumps(body), content_type="application/json").status_code == 200
    assert Mention.objects.get().person == cast.tom
    # a reply calls nobody: the customer reads it
    reply = {**body, "kind": "reply", "client_key": "reply-key-1"}
    assert client.post(path, json.dumps(reply), content_type="application/json").status_code == 200
    assert Mention.objects.count() == 1
