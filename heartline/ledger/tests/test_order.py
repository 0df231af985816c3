"""A reader that follows the ledger loses nothing, whatever order writers commit in."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from django.db import connection, connections

from heartline.common.actors import Actor
from heartline.ledger.actions import one_change, record
from heartline.ledger.change import write_now
from heartline.ledger.models import Entry, Horizon
from heartline.ledger.order import settle_after_restore
from heartline.ledger.positions import START, Position
from heartline.ledger.queries import head, read_after
from heartline.ledger.tests.events import Noted

NOW = datetime(2026, 11, 26, tzinfo=UTC)
BY = Actor.system("test")


def _write(text: str) -> None:
    with one_change():
        record(Noted(text=text), by=BY, now=NOW, sample=False)


def _texts(after: Position = START) -> list[str]:
    return [event.body["text"] for event in read_after(after)]


@pytest.mark.django_db(transaction=True)
def test_an_event_is_refused_outside_its_change() -> None:
    with pytest.raises(RuntimeError, match="transaction of its change"):
        record(Noted(text="alone"), by=BY, now=NOW, sample=False)


@pytest.mark.django_db(transaction=True)
def test_reading_goes_on_exactly_after_a_position() -> None:
    for number in range(5):
        _write(str(number))
    third = read_after(START)[2].position
    assert _texts(third) == ["3", "4"]
    assert read_after(head()) == []
    assert Position.parse(str(third)) == third


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite admits one writer at a time")
def test_a_slow_writer_is_not_stepped_over() -> None:
    began, may_commit = threading.Event(), threading.Event()

    def slowly() -> None:
        with one_change():
            record(Noted(text="slow"), by=BY, now=NOW, sample=False)
            write_now()
            began.set()
            may_commit.wait(10)
        connections.close_all()

    writer = threading.Thread(target=slowly)
    writer.start()
    assert began.wait(10)
    _write("quick")
    seen = _texts()
    position = head()
    may_commit.set()
    writer.join()
    assert seen == []  # the quick one waits for the slow one that has the lower place
    assert _texts(position) == ["slow", "quick"]


@pytest.mark.django_db(transaction=True)
def test_many_writers_are_all_seen_once_in_one_order() -> None:
    def write_some(name: str) -> None:
        for number in range(15):
            _write(f"{name}{number}")
        connections.close_all()

    writers = [threading.Thread(target=write_some, args=(name,)) for name in "abcd"]
    for writer in writers:
        writer.start()
    followed: list[str] = []
    position = START
    while any(writer.is_alive() for writer in writers) or read_after(position):
        for event in read_after(position, 7):
            followed.append(event.body["text"])
            position = event.position
    assert sorted(followed) == sorted(f"{name}{number}" for name in "abcd" for number in range(15))
    assert [text for text in followed if text[0] == "a"] == [f"a{number}" for number in range(15)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite keeps its own ids in a restore")
def test_order_survives_a_restore_into_a_younger_cluster() -> None:
    _write("old")
    Horizon.objects.update_or_create(id=1, defaults={"shift": 0})
    with connection.cursor() as cursor:  # as if the dump came from a cluster far ahead of this one
        cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        cursor.execute("UPDATE ledger_entry SET epoch_tx = epoch_tx + 1000000")
        cursor.execute("ALTER TABLE ledger_entry ENABLE TRIGGER USER")
    settle_after_restore()
    _write("new")
    assert _texts() == ["old", "new"]


@pytest.mark.django_db(transaction=True)
def test_entries_can_be_neither_changed_nor_removed() -> None:
    _write("kept")
    with pytest.raises(Exception, match="cannot be changed"):
        Entry.objects.update(actor_name="somebody else")
    with pytest.raises(Exception, match=r"cannot be removed|changed or removed"):
        Entry.objects.all().delete()
    assert _texts() == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_only_sample_entries_may_be_forgotten() -> None:
    from heartline.ledger.actions import forget_sample

    _write("real")
    with one_change():
        record(Noted(text="sample"), by=BY, now=NOW, sample=True)
    assert forget_sample() == 1
    assert _texts() == ["real"]
