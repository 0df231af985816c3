"""A long conversation is read from anywhere in it, stretch by stretch, and nothing of it is told twice or left out."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.models import Contact, Message
from heartline.people.actions import actor_for
from heartline.service.story.said import places_of, stretch
from heartline.service.tests.test_desk_pages import Desk
from tests.cast import NOON, Cast, assemble, waiting_contact

MANY = 30


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def long(cast: Cast) -> Contact:
    """A contact that was answered after its first words, and in which much was said then."""
    contact = waiting_contact(cast)
    answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON + timedelta(minutes=1))
    Message.objects.bulk_create(
        Message(
            contact=contact,
            case_id=contact.case_id,
            kind="reply",
            author_kind="customer",
            author_name="陈雨桐",
            body=f"第{number}条 Kettle",
            client_key=f"many{number:04}",
            at=NOON + timedelta(minutes=2 + number),
        )
        for number in range(MANY)
    )
    return contact


def ids(case_id: int) -> list[int]:
    return list(Message.objects.filter(case_id=case_id).order_by("id").values_list("id", flat=True))


def numbers(found: dict[str, Any]) -> list[int]:
    return [int(key) for key in found["messages"]]


def test_stretches_meet_from_end_to_end(long: Contact) -> None:
    every, lines = ids(long.case_id), stretch(long.case, 0, back=0, on=1000)["lines"]
    assert len(lines) > 1
    told: list[Any] = []
    place, read = every[-1], [every[-1]]
    while True:
        found = stretch(long.case, place, back=7, on=0)
        assert numbers(found)[-1] == place
        read, told = numbers(found)[:-1] + read, found["lines"] + told
        if not found["has_older"]:
            break
        place = read[0]
    assert read == every
    assert [line["id"] for line in told] == [line["id"] for line in lines]

    place, read = 0, []
    while True:
        found = stretch(long.case, place, back=0, on=7)
        read += [id for id in numbers(found) if id > place]
        if not found["has_newer"]:
            break
        place = read[-1]
    assert read == every


def test_a_place_is_shown_with_what_stands_around_it(long: Contact) -> None:
    every = ids(long.case_id)
    found = stretch(long.case, every[10], back=3, on=4)
    assert numbers(found) == every[7:15]
    assert (found["has_older"], found["has_newer"]) == (True, True)
    assert found["lines"] == []
    found = stretch(long.case, every[-1], back=100, on=4)
    assert (numbers(found), found["has_older"], found["has_newer"]) == (every, False, False)


def test_of_a_message_that_is_elsewhere_nothing_is_shown_but_what_is_near(cast: Cast, long: Contact) -> None:
    other = waiting_contact(cast)
    elsewhere = ids(other.case_id)[0]
    assert elsewhere not in numbers(stretch(long.case, elsewhere, back=5, on=5))


def test_words_are_found_in_every_width_and_case(long: Contact) -> None:
    every = ids(long.case_id)
    assert places_of(long.case, "ＫＥＴＴＬＥ 第7条") == [every[8]]
    assert len(places_of(long.case, "kettle")) == MANY
    assert places_of(long.case, " ") == []


def test_the_page_asks_the_database_no_more_for_more(cast: Cast, long: Contact) -> None:
    def asked(size: int) -> int:
        with CaptureQueriesContext(connection) as queries:
            stretch(long.case, ids(long.case_id)[-1], back=size, on=0)
        return len(queries)

    asked(1)
    assert asked(1) == asked(25)


@pytest.mark.parametrize("query", ["", "?before=", "?before=-1", "?around=x", "?after=" + "9" * 20, "?words=%20"])
def test_what_cannot_be_read_is_refused(cast: Cast, long: Contact, query: str) -> None:
    assert Desk(cast.grace).get(f"cases/{long.case_id}/said{query}")[0] == 422


def test_only_who_sees_a_case_reads_back_in_it(cast: Cast, long: Contact) -> None:
    last = ids(long.case_id)[-1]
    for query in (f"?before={last}", f"?around={last}", "?after=0", "?words=kettle"):
        assert Desk(cast.grace).get(f"cases/{long.case_id}/said{query}")[0] == 200
        assert Desk(cast.outsider).get(f"cases/{long.case_id}/said{query}")[0] == 404


def test_who_wrote_what_is_told_as_on_the_desk(cast: Cast, long: Contact) -> None:
    shown = Desk(cast.grace).get(f"cases/{long.case_id}/said?after=0")[1]["messages"]
    opened = Desk(cast.grace).get(f"cases/{long.case_id}")[1]["talk"]["messages"]
    assert shown == opened
