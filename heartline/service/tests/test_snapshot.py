"""What a desk starts from: whose contacts, how much of them, and that more contacts cost no more queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heartline.common.actors import Actor
from heartline.common.errors import NotFound
from heartline.conversations.actions.cases import Wrapping, finish_contact, join_contact
from heartline.conversations.actions.contacts import ContactRequest, answer_contact, end_contact, open_contact
from heartline.conversations.actions.drafts import save_draft
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Contact
from heartline.ledger.queries import head
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.queries import scope_of
from heartline.service.snapshot import case_snapshot_for, snapshot_for
from heartline.service.story.queries import story_for
from heartline.voice_of_customer.actions import invite, respond
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


def desk(person: Person) -> dict[str, Any]:
    return snapshot_for(scope_of(person), person, NOON)


def case(person: Person, contact: Contact) -> dict[str, Any]:
    return case_snapshot_for(scope_of(person), person, contact.case_id, NOON)


def test_an_agent_sees_the_work_of_their_queues(cast: Cast) -> None:
    mine, other = waiting_contact(cast), waiting_contact(cast, queue=cast.other_queue)
    assert list(desk(cast.grace)["contacts"]) == [str(mine.id)]
    assert list(desk(cast.outsider)["contacts"]) == [str(other.id)]
    assert list(desk(cast.admin)["contacts"]) == [str(mine.id), str(other.id)]


def test_a_card_says_who_and_what_before_anything_else(cast: Cast) -> None:
    contact = waiting_contact(cast)
    card = desk(cast.grace)["contacts"][str(contact.id)]
    said = {name: card[name] for name in ("customer_name", "subject", "last_text", "state", "turn", "unread")}
    assert said == {
        "customer_name": "陈雨桐",
        "subject": "冰箱没装上",
        "last_text": "师傅昨天又没来",
        "state": "waiting",
        "turn": "ours",
        "unread": 1,
    }


def test_what_is_said_to_a_colleague_is_not_pushed_to_everybody(cast: Cast) -> None:
    contact = answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    key = str(contact.id)
    assert desk(cast.grace)["contacts"][key]["last_text"] == "师傅昨天又没来"
    assert desk(cast.tom)["contacts"][key]["last_text"] == ""
    assert desk(cast.tom)["contacts"][key]["assignee_name"] == "Grace Okafor"


def test_an_expert_sees_only_what_they_were_asked_into(cast: Cast) -> None:
    asked, other = waiting_contact(cast), waiting_contact(cast)
    assert desk(cast.expert)["contacts"] == {}
    with pytest.raises(NotFound):
        case(cast.expert, asked)
    join_contact(asked, cast.expert, "expert", by=actor_for(cast.grace), now=NOON)
    assert list(desk(cast.expert)["contacts"]) == [str(asked.id)]
    assert case(cast.expert, asked)["case"]["subject"] == "冰箱没装上"
    with pytest.raises(NotFound):
        case(cast.expert, other)


def test_an_expert_gets_the_story_of_the_case_alone(cast: Cast) -> None:
    asked = waiting_contact(cast)
    answer_contact(asked, cast.grace, by=actor_for(cast.grace), now=NOON)
    again = ContactRequest(
        customer=asked.customer,
        queue=cast.chat_zh,
        channel="webchat",
        language="zh-hans",
        text="另一件事",
        client_key="another",
    )
    open_contact(again, by=Actor.customer(asked.customer_id, "陈雨桐"), now=NOON)
    join_contact(asked, cast.expert, "expert", by=actor_for(cast.grace), now=NOON)
    told = {person: story_for(scope_of(person), asked.case, NOON) for person in (cast.grace, cast.expert)}
    assert {line["case_id"] for line in told[cast.expert]["timeline"]} == {asked.case_id}
    assert told[cast.expert]["cases"] == []
    assert len({line["case_id"] for line in told[cast.grace]["timeline"]}) == 3
    assert [other["subject"] for other in told[cast.grace]["cases"]] == ["另一件事"]


def test_an_outsider_cannot_open_a_case_of_another_team(cast: Cast) -> None:
    contact = waiting_contact(cast)
    with pytest.raises(NotFound):
        case(cast.outsider, contact)


def test_the_position_lies_before_the_state(cast: Cast) -> None:
    waiting_contact(cast)
    assert desk(cast.grace)["position"] == str(head())


def test_a_draft_belongs_to_who_wrote_it(cast: Cast) -> None:
    contact = waiting_contact(cast)
    save_draft(contact.case, cast.grace, "reply", "陈女士", version=0, now=NOON)
    assert case(cast.grace, contact)["drafts"]["reply"]["body"] == "陈女士"
    assert case(cast.tom, contact)["drafts"] == {}


def test_todays_work_is_listed_with_its_score(cast: Cast) -> None:
    contact = answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)
    customer = Actor.customer(contact.customer_id, "陈雨桐")
    end_contact(contact, ended_by="person", by=actor_for(cast.grace), now=NOON)
    invitation, _ = invite(contact, by=actor_for(cast.grace), now=NOON) or (None, "")
    assert invitation
    finish_contact(contact, Wrapping(reason=cast.reason, resolution="solved"), by=actor_for(cast.grace), now=NOON)
    respond(invitation, 4, "", came_by="chat", by=customer, now=NOON)
    row = desk(cast.grace)["done"][str(contact.id)]
    assert (row["resolution"], row["reason_id"]) == ("solved", cast.reason.id)
    assert desk(cast.grace)["scores"] == {str(contact.id): 4}
    assert desk(cast.tom)["done"] == {}
    tomorrow = snapshot_for(scope_of(cast.grace), cast.grace, NOON + timedelta(days=1))
    assert (tomorrow["done"], tomorrow["scores"]) == ({}, {})


def count_queries(person: Person, contact: Contact) -> tuple[int, int, int]:
    counts = []
    scope = scope_of(person)
    for read in (
        lambda: snapshot_for(scope, person, NOON),
        lambda: case_snapshot_for(scope, person, contact.case_id, NOON),
        lambda: story_for(scope, contact.case, NOON),
    ):
        with CaptureQueriesContext(connection) as queries:
            read()
        counts.append(len(queries))
    return counts[0], counts[1], counts[2]


def test_more_contacts_and_messages_cost_no_more_queries(cast: Cast) -> None:
    first = waiting_contact(cast)
    few = count_queries(cast.grace, first)
    for number in range(30):
        contact = waiting_contact(cast)
        if number % 2:
            answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON)
        add_message(first, "note", f"{number}", client_key=f"note-{number}", by=actor_for(cast.grace), now=NOON)
    assert count_queries(cast.grace, first) == few
    assert max(few[:2]) <= 30
    assert few[2] <= 32
