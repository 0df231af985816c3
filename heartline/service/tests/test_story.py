"""The story beside a conversation: what stands on top, the timeline over all cases, and that more of it costs no more."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from heartline.common.actors import Actor
from heartline.conversations.actions.cases import Wrapping, finish_contact, join_contact
from heartline.conversations.actions.contacts import ContactRequest, answer_contact, end_contact, open_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Case, Contact, ContactReason, Message
from heartline.customers.outside.actions import Told, tell_event
from heartline.people.actions import actor_for
from heartline.people.models import Queue
from heartline.people.queries import scope_of
from heartline.promises.actions import open_follow_up
from heartline.service.story.queries import Story, story_for
from heartline.service.story.timeline import LINES, Narrowed, found_in, narrowed_by, page_for, reach_of
from heartline.voice_of_customer.actions import invite, respond
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def contact(cast: Cast) -> Contact:
    return answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON)


def story(cast: Cast, contact: Contact) -> Story:
    return story_for(scope_of(cast.grace), Case.objects.get(id=contact.case_id), NOON)


def customer_of(contact: Contact) -> Actor:
    return Actor.customer(contact.customer_id, "陈雨桐")


def another(cast: Cast, contact: Contact, text: str, *, queue: Queue | None = None) -> Contact:
    """Let the same customer ask about another matter."""
    request = ContactRequest(
        customer=contact.customer,
        queue=queue or cast.chat_zh,
        channel="webchat",
        language="zh-hans",
        text=text,
        want=text,
        client_key=f"another-{text}",
    )
    return open_contact(request, by=customer_of(contact), now=NOON)


def rated(cast: Cast, contact: Contact, score: int, comment: str, days_ago: int) -> None:
    """Let a contact end, be wrapped up and be rated."""
    at = NOON - timedelta(days=days_ago)
    if contact.state == "waiting":
        contact = answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=at)
    end_contact(contact, ended_by="person", by=actor_for(cast.grace), now=at)
    asked = invite(contact, by=actor_for(cast.grace), now=at)
    wrapping = Wrapping(
        reason=cast.reason, resolution="solved", told_to_expect="周二上门", what_happened=f"没来 {days_ago}"
    )
    finish_contact(contact, wrapping, by=actor_for(cast.grace), now=at)
    assert asked
    respond(asked[0], score, comment, came_by="chat", by=customer_of(contact), now=at)


def test_the_top_says_how_they_feel_in_their_own_words(cast: Cast, contact: Contact) -> None:
    rated(cast, another(cast, contact, "第二件"), 2, "等了一整天", 9)
    rated(cast, another(cast, contact, "第三件"), 5, "这次很快", 3)
    top = story(cast, contact)["summary"]
    assert [(one["score"], one["comment"]) for one in top["ratings"]] == [(5, "这次很快"), (2, "等了一整天")]
    assert top["low"]["comment"] == "等了一整天"
    rated(cast, contact, 1, "又没来", 0)
    top = story(cast, contact)["summary"]
    assert top["low"] is None, "the last rating is the low one: it is told once"
    assert top["gap"]["happened"] == "没来 0", "this case before others"


def test_nothing_is_made_up_where_nothing_is_known(cast: Cast, contact: Contact) -> None:
    top = story(cast, contact)["summary"]
    assert top == {"ratings": [], "low": None, "complaint": None, "gap": None, "owed": []}


def test_what_is_open_and_owed_elsewhere_is_on_top(cast: Cast, contact: Contact) -> None:
    other = another(cast, contact, "发票")
    by, due = actor_for(cast.lina), NOON + timedelta(hours=3)
    open_follow_up(other.case, "callback", contact=other, owner=cast.lina, what="回电说明", due_at=due, by=by, now=NOON)
    told = story(cast, contact)
    assert [(one["subject"], one["is_open"]) for one in told["cases"]] == [("发票", True)]
    assert [(one["what"], one["owner_name"], one["due_at"]) for one in told["summary"]["owed"]] == [
        ("回电说明", "李娜", due.isoformat())
    ]


def test_a_complaint_is_told_and_words_stay_where_the_reader_may_not_go(cast: Cast, contact: Contact) -> None:
    hidden = another(cast, contact, "投诉师傅", queue=cast.other_queue)
    reason = ContactReason.objects.create(key="complaint", name_en="Complaint", name_zh="投诉")
    Case.objects.filter(id=hidden.case_id).update(reason=reason)
    told = story(cast, contact)
    assert told["summary"]["complaint"]["case_id"] == hidden.case_id
    assert told["summary"]["complaint"]["subject"] == ""
    assert told["cases"] == []
    talks = {row["case_id"]: row for row in told["timeline"] if row.get("count")}
    assert talks[hidden.case_id]["messages"] == []
    assert talks[contact.case_id]["messages"][0]["text"] == "师傅昨天又没来"
    assert found_in(reach_of(scope_of(cast.grace), contact.case), contact.case, "投诉师傅") == []


def test_messages_of_one_contact_are_one_row(cast: Cast, contact: Contact) -> None:
    for number in range(3):
        add_message(
            contact, "reply", f"**答** {number}", client_key=f"reply-{number}", by=actor_for(cast.grace), now=NOON
        )
    first = story(cast, contact)["timeline"][0]
    assert [one["text"] for one in first["messages"]] == ["答 0", "答 1", "答 2"]
    assert first["text"] == "Web chat: 3 messages"


def order(contact: Contact, number: int, *, days_ago: int) -> None:
    """Let a shop tell of an order that was made some days ago."""
    told = Told(
        source="shop",
        key=f"order-{number}",
        what="order",
        title=f"订单 {number}",
        text="冰箱",
        url="https://shop.example/1",
        amount=Decimal(5180),
        currency="CNY",
        happened_at=NOON - timedelta(days=days_ago),
    )
    tell_event(contact.customer, told, by=Actor.system("shop"), now=NOON)


def test_what_other_systems_told_stands_where_it_happened(cast: Cast, contact: Contact) -> None:
    order(contact, 1, days_ago=9)
    last = story(cast, contact)["timeline"][-1]
    assert (last["text"], last["card"]["amount"], last["card"]["source"]) == ("订单 1", "¥5,180", "shop")
    assert last["at"] == (NOON - timedelta(days=9)).isoformat()


def test_pages_show_each_thing_once_and_nothing_less(cast: Cast, contact: Contact) -> None:
    for number in range(LINES + 5):
        order(contact, number, days_ago=number)
        add_message(contact, "note", f"{number}", client_key=f"note-{number}", by=actor_for(cast.grace), now=NOON)
        another(cast, contact, f"事 {number}")
    reach = reach_of(scope_of(cast.grace), contact.case)
    rows: list[Story] = []
    place, pages = "", 0
    while pages == 0 or place:
        page = page_for(reach, before=place)
        rows, place, pages = [*rows, *page.rows], page.next, pages + 1
    said = [one["id"] for row in rows for one in row.get("messages", ())]
    assert pages > 2
    assert len({row["id"] for row in rows}) == len(rows)
    assert sorted(said) == sorted(Message.objects.values_list("id", flat=True))
    assert len([row for row in rows if "card" in row]) == LINES + 5
    assert len([row for row in rows if row["icon"] == "chat" and "count" not in row]) == LINES + 6


@pytest.mark.parametrize(
    ("shown", "expected"), [("outside", {"订单 1"}), ("said", {"Web chat: 1 message"}), ("ratings", set())]
)
def test_a_filter_shows_its_kind_alone(cast: Cast, contact: Contact, shown: str, expected: set[str]) -> None:
    order(contact, 1, days_ago=9)
    reach = reach_of(scope_of(cast.grace), contact.case)
    assert {row["text"] for row in page_for(reach, shown).rows} == expected


def test_what_was_said_is_found_by_its_words(cast: Cast, contact: Contact) -> None:
    rated(cast, another(cast, contact, "第二件"), 2, "师傅态度差", 9)
    order(contact, 1, days_ago=9)
    reach = reach_of(scope_of(cast.grace), contact.case)
    assert [row["messages"][0]["text"] for row in found_in(reach, contact.case, "师傅 昨天")] == ["师傅昨天又没来"]
    assert [row.get("quote") for row in found_in(reach, contact.case, "态度")] == ["师傅态度差"]
    assert [row["text"] for row in found_in(reach, contact.case, "ＯＲＤＥＲ－1")] == ["订单 1"]
    assert found_in(reach, contact.case, " ") == []


def test_an_expert_reads_the_case_they_were_asked_into_and_no_other(cast: Cast, contact: Contact) -> None:
    rated(cast, another(cast, contact, "第二件"), 2, "等了一整天", 9)
    order(contact, 1, days_ago=9)
    join_contact(contact, cast.expert, "expert", by=actor_for(cast.grace), now=NOON)
    told = story_for(scope_of(cast.expert), contact.case, NOON)
    assert told["summary"]["ratings"] == []
    assert {row["case_id"] for row in told["timeline"]} == {contact.case_id}
    client = Client(headers={"accept": "application/json"})
    client.force_login(cast.expert)
    path = f"/desk/api/cases/{contact.case_id}/timeline"
    assert {row["case_id"] for row in client.get(path).json()["rows"]} == {contact.case_id}
    assert client.get(path, {"words": "等了一整天"}).json()["rows"] == []
    client.force_login(cast.outsider)
    assert client.get(path).status_code == 404


def test_more_of_a_story_costs_no_more_queries(cast: Cast, contact: Contact) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            story(cast, contact)
        return len(found)

    rated(cast, another(cast, contact, "第二件"), 2, "等了一整天", 9)
    order(contact, 1, days_ago=9)
    few = queries()
    for number in range(12):
        rated(cast, another(cast, contact, f"事 {number}"), 4, "好", 2)
        order(contact, 10 + number, days_ago=number)
        add_message(contact, "note", f"{number}", client_key=f"note-{number}", by=actor_for(cast.grace), now=NOON)
    assert queries() <= few + 1  # the last low rating is looked for behind the newest five
    assert few <= 24


@pytest.mark.parametrize(
    "place",
    [
        "~9999-12-31T23:59:59-23:00~1",
        "~0001-01-01T00:00:00+23:00~1",
        "~2026-03-06T12:00:00~1",
        "1-1~never~1",
        f"{'9' * 19}-{'9' * 19}~2026-03-06T12:00:00+00:00~{'9' * 40}",
    ],
)
def test_a_place_that_never_was_is_read_as_far_as_it_can_be(cast: Cast, contact: Contact, place: str) -> None:
    order(contact, 1, days_ago=9)
    client = Client(headers={"accept": "application/json"})
    client.force_login(cast.grace)
    assert client.get(f"/desk/api/cases/{contact.case_id}/timeline", {"before": place}).status_code == 200


def test_a_timeline_is_narrowed_by_channel_and_period_and_read_on(cast: Cast, contact: Contact) -> None:
    later = NOON + timedelta(days=20)
    asked_again = another(cast, contact, "发票")
    Contact.objects.filter(id=asked_again.id).update(channel="webform")
    add_message(contact, "reply", "二十天后", client_key="much-later", by=customer_of(contact), now=later)
    reach = reach_of(scope_of(cast.grace), contact.case)
    of_form = page_for(reach, narrowed=Narrowed(channel="webform"))
    assert {row["case_id"] for row in of_form.rows} == {asked_again.case_id}
    (said,) = page_for(reach, narrowed=Narrowed(since=later)).rows
    assert [one["text"] for one in said["messages"]] == ["二十天后"]
    before = page_for(reach, narrowed=Narrowed(until=later)).rows
    assert before
    assert all(row["at"] < later.isoformat() for row in before)
    assert narrowed_by("pigeon", "8", NOON) == Narrowed()
    assert narrowed_by("webchat", "7", later) == Narrowed("webchat", later - timedelta(days=7))


def test_a_narrowed_timeline_is_whole_page_by_page(cast: Cast, contact: Contact) -> None:
    many = LINES * 2 + 5
    for number in range(many):
        at = NOON - timedelta(minutes=number % 7)
        told = Told(source="shop", key=str(number), what="order", title=f"order {number}", happened_at=at)
        tell_event(contact.customer, told, by=Actor.system("shop"), now=NOON)
    reach, narrowed = reach_of(scope_of(cast.grace), contact.case), Narrowed(since=NOON - timedelta(days=1))
    seen, place = [], ""
    while True:
        page = page_for(reach, "outside", place, narrowed=narrowed)
        seen += [row["id"] for row in page.rows]
        if not (place := page.next):
            break
    assert len(seen) == len(set(seen)) == many
