"""The page of what is owed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from heartline.common.actors import Actor
from heartline.ledger.models import Entry
from heartline.people.models import Person
from heartline.promises.actions import open_follow_up
from heartline.promises.models import FollowUp
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def owed(cast: Cast) -> FollowUp:
    contact = waiting_contact(cast)
    by, due = Actor.customer(contact.customer_id, ""), NOON + timedelta(hours=2)
    return open_follow_up(
        contact.case, "callback", contact=contact, owner=cast.grace, what="请回电", due_at=due, by=by, now=NOON
    )


def reader(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def text(client: Client, view: str = "") -> str:
    return client.get(f"/desk/follow-ups/?view={view}").content.decode()


def test_mine_are_mine_and_my_queues_are_my_teams(cast: Cast, owed: FollowUp) -> None:
    assert "请回电" in text(reader(cast.grace))
    assert "请回电" not in text(reader(cast.tom))
    assert "You owe nobody anything" in text(reader(cast.tom))
    assert "请回电" in text(reader(cast.tom), "queues")
    for name in ("outsider", "expert"):
        assert "请回电" not in text(reader(getattr(cast, name)), "queues")


def test_the_late_come_first_and_are_counted(cast: Cast, owed: FollowUp) -> None:
    FollowUp.objects.update(due_at=NOON + timedelta(hours=9), what="later")
    late = waiting_contact(cast)
    by = Actor.customer(late.customer_id, "")
    open_follow_up(late.case, "low_score", contact=late, owner=cast.grace, what="first", due_at=NOON, by=by, now=NOON)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        page = text(reader(cast.grace))
    assert "1 follow-up is late" in page
    assert page.index("first") < page.index("later")


def test_it_is_done_with_an_outcome(cast: Cast, owed: FollowUp) -> None:
    client = reader(cast.grace)
    refused = client.post(f"/desk/follow-ups/{owed.id}/done/", {"outcome": "..."})
    assert refused.status_code == 422
    assert "Write what came of it" in refused.content.decode()
    assert ">...</textarea>" in refused.content.decode()
    done = client.post(f"/desk/follow-ups/{owed.id}/done/", {"outcome": "已致电，约好周六", "view": "queues"})
    assert done.headers["Location"] == "/desk/follow-ups/?view=queues"
    assert "已致电，约好周六" in text(client, "done")
    assert FollowUp.objects.get().done_by == cast.grace
    again = client.post(f"/desk/follow-ups/{owed.id}/done/", {"outcome": "再打一次"})
    assert again.status_code == 409


def test_a_colleague_takes_it(cast: Cast, owed: FollowUp) -> None:
    reader(cast.tom).post(f"/desk/follow-ups/{owed.id}/take/", {"view": "queues"})
    assert FollowUp.objects.get().owner == cast.tom
    assert "请回电" in text(reader(cast.tom))


@pytest.mark.parametrize("name", ["outsider", "expert", "analyst"])
@pytest.mark.parametrize("act", ["done", "take"])
def test_others_cannot_touch_it(cast: Cast, owed: FollowUp, name: str, act: str) -> None:
    before = Entry.objects.count()
    reply = reader(getattr(cast, name)).post(f"/desk/follow-ups/{owed.id}/{act}/", {"outcome": "已致电"})
    assert reply.status_code == (403 if name == "analyst" else 404)
    assert Entry.objects.count() == before


def test_words_of_customers_are_text(cast: Cast, owed: FollowUp) -> None:
    FollowUp.objects.update(what="<img src=x onerror=alert(1)>")
    assert "<img src=x" not in text(reader(cast.grace))


def test_pages_of_many(cast: Cast) -> None:
    for _ in range(31):
        contact = waiting_contact(cast)
        by = Actor.customer(contact.customer_id, "")
        open_follow_up(contact.case, "callback", contact=None, owner=cast.grace, what="", due_at=NOON, by=by, now=NOON)
    client = reader(cast.grace)
    assert text(client).count('id="follow-up-') == 30
    assert client.get("/desk/follow-ups/?view=mine&page=2").content.decode().count('id="follow-up-') == 1
