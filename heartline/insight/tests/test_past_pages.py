"""Figures over time on their pages: every number opens, the address holds every choice, nobody sees more than theirs."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
import time_machine
from django.test import Client

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import abandon_contact, answer_contact
from heartline.insight.catalogue import METRICS
from heartline.insight.kept.reading import READER, Answer, Reader, folder
from heartline.insight.opened import all_rows
from heartline.insight.past import house_of
from heartline.insight.past_view import past_view
from heartline.insight.queries import metric_named
from heartline.people.actions import actor_for
from heartline.people.models import Person, Queue
from heartline.people.queries import scope_of
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def cast() -> Iterator[Cast]:
    """Three contacts: one answered in time, one late, one left; and one in a queue of other people."""
    shutil.rmtree(folder(), ignore_errors=True)
    cast = assemble()
    for seconds in (30, 90):
        contact = waiting_contact(cast)
        answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=NOON + timedelta(seconds=seconds))
    gone = waiting_contact(cast)
    abandon_contact(gone, "left", by=Actor.customer(gone.customer_id, ""), now=NOON + timedelta(seconds=40))
    waiting_contact(cast, queue=cast.other_queue)
    yield cast
    READER.forget()


def look(person: Person, address: str, status: int = 200) -> str:
    client = Client()
    client.force_login(person)
    with time_machine.travel(LATER, tick=False):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined] # as asked
    assert response.status_code == status, address
    return bytes(body).decode("utf-8-sig")


def test_every_number_opens_to_rows_that_make_it(cast: Cast) -> None:
    page = look(cast.supervisor, "/insight/over-time/?by=hour&first=2026-11-26&last=2026-11-26&against=before")
    (address,) = set(re.findall(r'href="(/insight/over-time/service_level/\?[^"]*at=[^"]*)"', page))
    rows = look(cast.supervisor, unescape(address))
    assert "Service level: 33" in rows
    assert (rows.count("base only"), rows.count("</svg>counts")) == (2, 1)
    assert "Only 2026-11-26 11:00" in rows
    assert look(cast.supervisor, unescape(address) + "&show=counted").count("base only") == 0
    by_queue = unescape(address).replace("by=hour", "by=queue")
    assert "Only" not in look(cast.supervisor, by_queue)  # then the whole period is shown, and nothing else is said
    for metric in METRICS:
        assert str(metric.name) in unescape(page)
    assert "nothing to compare" in page


def test_two_pages_never_disagree(cast: Cast) -> None:
    day = look(cast.supervisor, "/insight/service_level/")
    past = look(cast.supervisor, "/insight/over-time/service_level/?first=2026-11-26&last=2026-11-26")
    assert re.findall(r"\d of \d", day)[0] == re.findall(r"\d of \d", past)[0] == "1 of 3"


def test_a_rule_set_later_rewrites_no_figure(cast: Cast) -> None:
    address = "/insight/over-time/service_level/?first=2026-11-26&last=2026-11-26"
    before = look(cast.supervisor, address)
    Queue.objects.update(answer_within_seconds=5, short_abandon_seconds=600)
    shutil.rmtree(folder())
    READER.forget()
    assert re.findall(r"\d of \d", look(cast.supervisor, address)) == re.findall(r"\d of \d", before)


def test_a_number_and_its_rows_are_of_one_moment(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ask = Reader.ask

    def ask_and_let_somebody_come(*asked: Any) -> list[Answer] | None:
        answers = ask(*asked)
        waiting_contact(cast)
        return answers

    monkeypatch.setattr(Reader, "ask", ask_and_let_somebody_come)
    page = look(cast.supervisor, "/insight/over-time/still_waiting/")
    assert "Not answered yet: 0" in page
    assert "No rows here" in page


def test_work_is_told_by_who_did_it_and_leaving_by_nobody(cast: Cast) -> None:
    page = look(cast.supervisor, "/insight/over-time/?by=person&set=effort")
    lines = re.findall(r'<th scope="row"><a[^>]*>([^<]*)</a></th>(.*?)</tr>', page)
    assert [name for name, _cells in lines if "Grace" in name] == [cast.grace.name]
    assert "answered" in dict(lines)[cast.grace.name]
    assert "transfer_rate" not in dict(lines)[cast.grace.name]


def test_nobody_sees_what_is_not_theirs(cast: Cast) -> None:
    page = look(cast.supervisor, "/insight/over-time/?by=queue")
    assert "Other" not in re.sub(r"<[^>]*>", "", page.partition("<tbody>")[2])
    assert "Other" in look(cast.admin, "/insight/over-time/?by=queue")
    for narrowed in (f"queue={cast.other_queue.id}", f"person={cast.outsider.id}", f"team={cast.other_team.id}"):
        look(cast.supervisor, f"/insight/over-time/?{narrowed}", 404)
        look(cast.supervisor, f"/insight/over-time/offered/?{narrowed}", 404)
    look(cast.grace, "/insight/over-time/", 403)
    look(cast.supervisor, "/insight/over-time/?first=never", 422)
    look(cast.supervisor, "/insight/over-time/no_such_figure/", 404)
    rows = look(cast.analyst, "/insight/over-time/offered/")
    assert "陈雨桐" not in rows
    assert "/desk/" not in rows.partition('<table class="table')[2]
    assert "/desk/" in look(cast.supervisor, "/insight/over-time/offered/").partition('<table class="table')[2]


def test_both_spreadsheets_hold_what_the_pages_show(cast: Cast) -> None:
    Person.objects.filter(id=cast.grace.id).update(name="=HYPERLINK(1)")
    figures = list(csv.DictReader(io.StringIO(look(cast.supervisor, "/insight/over-time/figures.csv?by=queue"))))
    (level,) = [
        row
        for row in figures
        if row["Part"] == "Whole period" and row["Name in the interface for programs"] == "service_level"
    ]
    assert (level["Counted"], level["Base"], level["Version"]) == ("1", "3", "1")
    rows = list(csv.DictReader(io.StringIO(look(cast.supervisor, "/insight/over-time/answered/rows.csv"))))
    assert [row["Who did the work"] for row in rows] == ["'=HYPERLINK(1)"] * 2


def test_what_is_counted_while_a_file_is_read_repeats_no_row_and_leaves_none_out(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("heartline.insight.opened.AT_ONCE", 1)
    house = house_of(scope_of(cast.supervisor))
    view = past_view({"first": "2026-11-26", "last": "2026-11-26"}, house.zones, LATER)
    rows = all_rows(house, view, metric_named("offered"), now=LATER)
    found = [next(rows).contact_id]
    newer = waiting_contact(cast, now=NOON + timedelta(minutes=5))
    gone = Actor.customer(newer.customer_id, "")
    abandon_contact(newer, "left", by=gone, now=NOON + timedelta(minutes=6))
    found += [row.contact_id for row in rows]
    assert len(found) == len(set(found)) == 3
    assert newer.id not in found
    assert newer.id in [row.contact_id for row in all_rows(house, view, metric_named("offered"), now=LATER)]


def test_chinese_readers_read_chinese(cast: Cast) -> None:
    Person.objects.filter(id=cast.supervisor.id).update(language="zh-hans")
    page = look(Person.objects.get(id=cast.supervisor.id), "/insight/over-time/?against=year")
    assert "时间段" in page
    assert "没有可比的" in page


def test_while_the_past_is_being_counted_the_page_says_so(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heartline.insight.kept.reading.SMALL", 0)
    assert "The past is being counted" in look(cast.supervisor, "/insight/over-time/")
    assert "No rows here" in look(cast.supervisor, "/insight/over-time/offered/")
