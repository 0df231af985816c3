"""The pages: a figure opens to the contacts that made it, for whoever may see them, also as a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import abandon_contact, answer_contact
from heartline.insight.catalogue import METRICS, OF_DAY
from heartline.people.actions import actor_for
from heartline.people.models import Person, Queue
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def cast() -> Cast:
    """Three contacts: one answered in time, one late, one left; and one in a queue of other people."""
    cast = assemble()
    for seconds in (30, 90):
        contact = waiting_contact(cast)
        answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON + timedelta(seconds=seconds))
    gone = waiting_contact(cast)
    abandon_contact(gone, "left", by=Actor.customer(gone.customer_id, ""), now=NOON + timedelta(seconds=40))
    waiting_contact(cast, queue=cast.other_queue)
    return cast


def look(person: Person, address: str) -> str:
    client = Client()
    client.force_login(person)
    with time_machine.travel(LATER, tick=False):
        response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode("utf-8-sig")


def test_the_overview_shows_figures_that_open(cast: Cast) -> None:
    page = look(cast.supervisor, "/insight/")
    assert "1 of 3" in page
    assert 'href="/insight/service_level/"' in page
    assert f'href="/insight/service_level/?queue={cast.chat_zh.id}&amp;channel=webchat"' in page


def test_every_figure_opens_to_its_rows_and_its_definition(cast: Cast) -> None:
    for metric in OF_DAY:
        page = look(cast.supervisor, reverse("insight:rows", args=[metric.id]))
        assert str(metric.meaning) in page.replace("&#x27;", "'")
    for metric in METRICS:
        assert str(metric.versions[-1].change) in look(cast.supervisor, reverse("insight:definition", args=[metric.id]))


def test_rows_are_marked_by_whether_they_count(cast: Cast) -> None:
    page = look(cast.supervisor, "/insight/service_level/")
    assert (page.count("base only"), page.count("</svg>counts")) == (2, 1)
    only = look(cast.supervisor, "/insight/service_level/?show=counted")
    assert (only.count("base only"), only.count("</svg>counts")) == (0, 1)


def test_cases_are_links_only_for_those_who_may_open_them(cast: Cast) -> None:
    assert (
        "/desk/"
        in look(cast.supervisor, "/insight/offered/").partition('<table class="table')[2].partition("</table>")[0]
    )
    assert "/desk/" not in look(cast.analyst, "/insight/offered/").partition('<table class="table')[2]


def test_no_name_and_no_word_of_a_customer_is_shown(cast: Cast) -> None:
    for address in ("/insight/", "/insight/offered/", "/insight/offered/rows.csv"):
        page = look(cast.analyst, address)
        assert "陈雨桐" not in page
        assert "冰箱" not in page


def test_another_queue_does_not_exist_for_the_reader(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.supervisor)
    assert client.get(f"/insight/offered/?queue={cast.other_queue.id}").status_code == 404
    assert client.get("/insight/no_such_figure/").status_code == 404
    assert client.get("/insight/offered/?day=yesterday").status_code == 422
    assert client.get("/insight/offered/?day=2100-01-01").status_code == 404
    for day in ("0001-01-01", "9999-12-31", "2026-02-30"):
        assert client.get(f"/insight/offered/?day={day}").status_code == 422


def test_administrators_see_every_queue(cast: Cast) -> None:
    assert "Other" in look(cast.admin, "/insight/still_waiting/")


def test_a_day_without_customers_says_what_would_show(cast: Cast) -> None:
    assert "No customers on this day" in look(cast.supervisor, "/insight/?day=2026-11-20")


def test_agents_have_no_figures(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.grace)
    assert client.get("/insight/").status_code == 403


def test_the_spreadsheet_holds_the_same_rows(cast: Cast) -> None:
    text = look(cast.supervisor, "/insight/service_level/rows.csv")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert sorted((row["How it ended"], row["Counts"], row["Wait (seconds)"]) for row in rows) == [
        ("Answered", "0", "90.0"),
        ("Answered", "1", "30.0"),
        ("Left waiting", "0", ""),
    ]


def test_the_spreadsheet_opens_in_excel_and_runs_nothing(cast: Cast) -> None:
    Queue.objects.filter(id=cast.chat_zh.id).update(name_en="=HYPERLINK(1)")
    client = Client()
    client.force_login(cast.supervisor)
    with time_machine.travel(LATER, tick=False):
        response = client.get("/insight/offered/rows.csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Disposition"] == 'attachment; filename="heartline-offered-2026-11-26.csv"'
    assert ",'=HYPERLINK(1)," in response.content.decode()


def test_chinese_readers_read_chinese(cast: Cast) -> None:
    Person.objects.filter(id=cast.supervisor.id).update(language="zh-hans")
    page = look(Person.objects.get(id=cast.supervisor.id), "/insight/service_level/")
    assert "服务水平：33%" in page
    assert "中文会话" in page
