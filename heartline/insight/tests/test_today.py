"""What is kept in memory equals what the ledger says, through new events, midnight, removal and rollback."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest

from heartline.common.actors import Actor
from heartline.conversations.actions.contacts import abandon_contact, answer_contact, end_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.models import Contact
from heartline.insight.queries import View, day_of_work, figures_for
from heartline.insight.today import DayStore, bounds_of, recompute
from heartline.ledger.actions import forget_sample
from heartline.people.actions import actor_for
from heartline.people.models import Queue
from heartline.people.queries import scope_of
from tests.cast import NOON, Cast, assemble, waiting_contact

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast() -> Cast:
    return assemble()


def serve(contact: Contact, cast: Cast, *, after: int) -> None:
    at, grace = contact.asked_at + timedelta(seconds=after), actor_for(cast.grace)
    answer_contact(contact, cast.grace, by=grace, now=at)
    add_message(contact, "reply", "你好", client_key="hello", by=grace, now=at + timedelta(seconds=9))
    end_contact(contact, ended_by="person", by=grace, now=at + timedelta(minutes=5))


def test_new_events_reach_the_store_and_it_equals_a_recomputation(cast: Cast) -> None:
    store = DayStore()
    now = NOON + timedelta(minutes=30)
    assert store.facts(now) == {}
    first = waiting_contact(cast)
    assert set(store.facts(now)) == {first.id}
    serve(first, cast, after=20)
    second = waiting_contact(cast)
    abandon_contact(second, "left", by=Actor.customer(second.customer_id, "x"), now=NOON + timedelta(minutes=2))
    facts = store.facts(now)
    assert [facts[id].outcome for id in (first.id, second.id)] == ["answered", "long_abandon"]
    assert facts == recompute(NOON - timedelta(hours=20), now) == DayStore().facts(now)


def test_long_reading_in_pieces_equals_reading_at_once(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heartline.insight.today.BATCH", 3)
    store, now = DayStore(), NOON + timedelta(hours=1)
    for number in range(6):
        serve(waiting_contact(cast, now=NOON + timedelta(minutes=number)), cast, after=number)
        if number % 2:
            store.facts(now)
    assert store.facts(now) == DayStore().facts(now)
    assert len(store.facts(now)) == 6


def test_when_the_past_is_taken_away_the_store_starts_anew(cast: Cast) -> None:
    store, now = DayStore(), NOON + timedelta(hours=1)
    kept = waiting_contact(cast)
    store.facts(now)
    Queue.objects.filter(id=cast.chat_en.id).update(is_sample=True)
    waiting_contact(cast, queue=Queue.objects.get(id=cast.chat_en.id))
    assert len(store.facts(now)) == 2
    forget_sample()
    assert set(store.facts(now)) == {kept.id}


def test_yesterday_is_forgotten_and_still_open_to_questions(cast: Cast) -> None:
    store = DayStore()
    yesterday = waiting_contact(cast, now=NOON - timedelta(hours=26))
    assert store.facts(NOON - timedelta(hours=25)).keys() == {yesterday.id}
    today = waiting_contact(cast)
    assert set(store.facts(NOON + timedelta(hours=2))) == {today.id}
    scope = scope_of(cast.supervisor)
    asked = day_of_work(scope, View(day=date(2026, 11, 25)), now=NOON)
    assert [fact.contact_id for fact in asked.facts] == [yesterday.id]


def test_a_reader_sees_the_figures_of_their_own_queues(cast: Cast) -> None:
    waiting_contact(cast)
    waiting_contact(cast, queue=cast.other_queue)
    seen = {
        name: len(day_of_work(scope_of(person), View(), now=NOON).facts)
        for name, person in {"supervisor": cast.supervisor, "analyst": cast.analyst, "admin": cast.admin}.items()
    }
    assert seen == {"supervisor": 1, "analyst": 1, "admin": 2}


def test_the_day_is_that_of_the_place_of_the_queue(cast: Cast) -> None:
    # 23:30 and 00:30 in Hangzhou are the same day in UTC
    late = datetime(2026, 11, 26, 15, 30, tzinfo=UTC)
    waiting_contact(cast, now=late)
    early = waiting_contact(cast, now=late + timedelta(hours=1))
    work = day_of_work(scope_of(cast.supervisor), View(), now=late + timedelta(hours=2))
    assert [fact.contact_id for fact in work.facts] == [early.id]


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 26), 24)],
)
def test_a_day_is_as_long_as_its_night(day: date, hours: int) -> None:
    start, end = bounds_of(day, "Europe/Berlin", NOON)
    assert end - start == timedelta(hours=hours)


def test_a_clock_set_back_is_survived(cast: Cast) -> None:
    store = DayStore()
    store.facts(NOON + timedelta(days=3))
    contact = waiting_contact(cast)
    assert set(store.facts(NOON)) == {contact.id}


def test_many_threads_read_one_truth(cast: Cast) -> None:
    store, now = DayStore(), NOON + timedelta(hours=1)
    for number in range(5):
        serve(waiting_contact(cast), cast, after=number)
    found: list[object] = []
    threads = [threading.Thread(target=_read, args=(store, now, found)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [DayStore().facts(now)] * 6


def test_all_figures_come_in_the_order_of_the_catalogue(cast: Cast) -> None:
    waiting_contact(cast)
    figures = figures_for(scope_of(cast.supervisor), View(), now=NOON)
    assert [figure.metric.id for figure in figures][:2] == ["offered", "answered"]
    assert {figure.metric.id: figure.value for figure in figures}["still_waiting"] == 1


def _read(store: DayStore, now: datetime, found: list[object]) -> None:
    from django.db import connection

    try:
        found.append(store.facts(now))
    finally:
        connection.close()
