"""The waits we told beside those that came: drawn on one scale, each line opening to the very contacts behind it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from heartline.conversations.actions.contacts import ContactRequest, answer_contact, open_contact
from heartline.customers.models import Customer
from heartline.insight.charts import WIDTH, Telling, tellings_of
from heartline.insight.kept.reading import READER, folder
from heartline.people.actions import actor_for
from heartline.people.models import Person
from tests.cast import NOON, Cast, assemble, waiting_contact

MINUTE = 60_000


def test_ranges_and_waits_stand_on_one_scale() -> None:
    chart = tellings_of([Telling(2 * MINUTE, 5 * MINUTE, 3 * MINUTE, 4 * MINUTE), Telling(0, 0, MINUTE, 10 * MINUTE)])
    first, second = chart.bars
    assert first.low + first.width == pytest.approx(first.came / 3 * 5, abs=0.5)
    assert first.low < first.came < first.ninetieth < second.ninetieth <= WIDTH
    assert (first.is_late, second.is_late) == (False, True)
    assert second.width > 1, "a range of nothing is still seen"
    assert [tick.label for tick in chart.ticks][:2] == ["0:00", "5:00"]


@pytest.fixture
def cast() -> Iterator[Cast]:
    """Of those told 1 to 3 minutes two waited as long, then in the next hour one waited ten; one was told nothing."""
    shutil.rmtree(folder(), ignore_errors=True)
    cast = assemble()
    for minutes, waited in ((0, 100), (1, 160), (61, 600)):
        came = NOON + timedelta(minutes=minutes)
        request = ContactRequest(
            customer=Customer.objects.create(name="林秀英", created_at=came),
            queue=cast.chat_zh,
            channel="webchat",
            language="zh-hans",
            text="冰箱不制冷",
            client_key=f"told-{minutes:08}",
            told_wait=(1, 3),
        )
        contact = open_contact(request, by=actor_for(cast.grace), now=came)
        answer_contact(contact, cast.grace, by=actor_for(cast.grace), now=came + timedelta(seconds=waited))
    answer_contact(waiting_contact(cast), cast.grace, by=actor_for(cast.grace), now=NOON + timedelta(seconds=5))
    yield cast
    READER.forget()


def look(person: Person, address: str) -> str:
    client = Client()
    client.force_login(person)
    with time_machine.travel(NOON + timedelta(hours=3), tick=False):
        response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def lines(page: str) -> dict[str, tuple[str, str]]:
    """Return the lines of the chart by name: where each opens, and what it says in words."""
    found = re.findall(r'<li[^>]*><a class="told-name" href="([^"]*)">([^<]*)</a>(.*?)</li>', page, re.DOTALL)
    return {name: (unescape(address), re.sub(r"<[^>]*>", " ", words)) for address, name, words in found}


@pytest.mark.django_db(transaction=True)
def test_each_part_of_a_period_opens_to_its_contacts(cast: Cast) -> None:
    address = "/insight/over-time/?first=2026-11-26&last=2026-11-26&by=hour"
    found = lines(look(cast.supervisor, address))
    assert list(found) == ["2026-11-26 11:00", "2026-11-26 12:00"]
    opens, words = found["2026-11-26 11:00"]
    assert "100" in words
    assert "kept (2 of 2)" in words
    assert "told 1:00 to 3:00, came 2:10, 9 of 10 at most 2:40" in words
    assert "kept (0 of 1)" in found["2026-11-26 12:00"][1]
    rows = look(cast.supervisor, opens)
    assert "Only 2026-11-26 11:00" in rows
    assert rows.count("</svg>counts") == 2


@pytest.mark.django_db(transaction=True)
def test_queues_of_a_day_and_of_a_period_say_the_same(cast: Cast) -> None:
    (day,) = lines(look(cast.supervisor, "/insight/")).values()
    (past,) = lines(look(cast.supervisor, "/insight/over-time/?first=2026-11-26&last=2026-11-26&by=queue")).values()
    assert day[1].split() == past[1].split()
    assert "kept (2 of 3)" in day[1]
    assert look(cast.supervisor, day[0]).count("</svg>counts") == 2
    assert "Waits we told" not in look(cast.supervisor, "/insight/over-time/?by=person")
    assert "had been told a wait" in look(cast.supervisor, "/insight/over-time/?first=2026-11-20&last=2026-11-21")
