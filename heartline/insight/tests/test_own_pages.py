"""One's own figures: mine and nobody else's, each with what it means, each opening to my rows."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from heartline.conversations.actions.contacts import answer_contact
from heartline.insight import pages
from heartline.insight.kept.reading import READER, folder
from heartline.insight.own import CREDITED
from heartline.insight.tasks import Difference
from heartline.people.actions import actor_for
from heartline.people.models import Person
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Iterator[Cast]:
    """Grace took two contacts today and one in the days before, Tom one."""
    shutil.rmtree(folder(), ignore_errors=True)
    cast = assemble()
    for person, days in ((cast.grace, 8), (cast.grace, 0), (cast.grace, 0), (cast.tom, 0)):
        asked = NOON - timedelta(days=days)
        contact = waiting_contact(cast, now=asked)
        answer_contact(contact, person, by=actor_for(person), now=asked + timedelta(seconds=30))
    yield cast
    READER.forget()


def look(person: Person, address: str, status: int = 200) -> str:
    client = Client()
    client.force_login(person)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content  # type: ignore[attr-defined] # as asked
    assert response.status_code == status, address
    return unescape(bytes(body).decode("utf-8-sig"))


def test_they_are_mine_and_open_to_my_rows(cast: Cast) -> None:
    page = look(cast.grace, "/insight/mine/")
    for metric in CREDITED:
        assert str(metric.name) in page
        assert str(metric.meaning) in page
    assert "Tom Reid" not in page
    assert re.search(r'id="answered".*?>2</a>.*?before\s+1', page, re.DOTALL)
    (address,) = set(re.findall(r'href="(/insight/mine/answered/\?(?![^"]*at=)[^"]*)"', page))
    rows = look(cast.grace, address)
    assert "Answered: 2" in rows
    assert len(re.findall(r'href="/desk/case/\d+/"', rows)) == 2
    assert "Answered: 1" in look(cast.tom, address)
    assert "Answered: 3" in look(cast.grace, "/insight/mine/answered/?first=2026-10-30&last=2026-11-26")


def test_whoever_did_nothing_yet_is_told_what_will_stand_here(cast: Cast) -> None:
    page = look(cast.supervisor, "/insight/mine/?first=2026-11-20&last=2026-11-20")
    assert "What you take, answer and finish appears here" in page
    assert 'id="apart"' not in page
    assert str(CREDITED[0].meaning) in page


def test_an_address_never_asks_for_somebody_else(cast: Cast) -> None:
    asked = f"?person={cast.tom.id}&by=person&team={cast.team.id}&queue={cast.chat_en.id}&first=2026-11-26"
    assert "Answered: 2" in look(cast.grace, f"/insight/mine/answered/{asked}")
    assert "Tom Reid" not in look(cast.grace, f"/insight/mine/{asked}")
    look(cast.grace, "/insight/mine/service_level/", 404)  # a figure of the house, not of a person
    look(cast.grace, "/insight/mine/no_such/", 404)
    look(cast.grace, "/insight/", 403)
    look(cast.analyst, "/insight/mine/", 403)


def test_the_page_of_the_day_says_what_the_nightly_check_found(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "did not agree" not in look(cast.supervisor, "/insight/")
    monkeypatch.setattr(pages, "last_difference", lambda: Difference("2026-11-25", 3))
    said = look(cast.supervisor, "/insight/")
    assert "the figures of 2026-11-25 did not agree in 3 places" in said


def test_both_spreadsheets_are_mine_and_nobody_elses(cast: Cast) -> None:
    page = look(cast.grace, "/insight/mine/")
    (address,) = set(re.findall(r'href="(/insight/mine/figures\.csv\?[^"]*)"', page))
    figures = list(csv.DictReader(io.StringIO(look(cast.grace, address))))
    assert {row["Name in the interface for programs"] for row in figures} <= {metric.id for metric in CREDITED}
    whole = [row for row in figures if row["Part"] == "Whole period"]
    (answered,) = [row for row in whole if row["Name in the interface for programs"] == "answered"]
    assert answered["Value"] == "2"
    rows = list(csv.DictReader(io.StringIO(look(cast.grace, "/insight/mine/answered/rows.csv"))))
    assert [row["Who did the work"] for row in rows] == [cast.grace.name] * 2
    look(cast.expert, "/insight/mine/figures.csv", 403)
