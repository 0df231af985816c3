"""Writers of one process take turns, and the turn is passed on however a transaction ends."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, OperationalError, connection, transaction

from heartline.config.sqlite import base
from heartline.people.models import Skill

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="only the embedded database has turns"),
]


@pytest.fixture(autouse=True)
def nobody_keeps_the_turn():
    yield
    assert not base._turn.locked()


def write(key):
    with transaction.atomic():
        Skill.objects.create(key=key, name_en=key)


def test_threads_write_one_after_the_other_and_all_of_them():
    def run(number):
        try:
            for place in range(5):
                write(f"{number}-{place}")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert Skill.objects.count() == 30


def test_the_turn_is_held_while_a_transaction_runs():
    with transaction.atomic():
        assert base._turn.locked()
        with transaction.atomic():  # a savepoint is part of the same turn
            assert base._turn.locked()
        assert base._turn.locked()


@transaction.atomic
def fail():
    Skill.objects.create(key="a", name_en="A")
    raise ZeroDivisionError


@transaction.atomic
def close_in_the_middle():
    connection.close()
    Skill.objects.count()


def test_what_fails_passes_the_turn_on():
    with pytest.raises(ZeroDivisionError):
        fail()
    assert not Skill.objects.exists()


def test_a_connection_that_closes_in_the_middle_passes_the_turn_on():
    with pytest.raises(DatabaseError):
        close_in_the_middle()


def test_a_transaction_that_cannot_begin_passes_the_turn_on(monkeypatch):
    def refuse(self):
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(base.base.DatabaseWrapper, "_start_transaction_under_autocommit", refuse)
    with pytest.raises(OperationalError), transaction.atomic():
        pass


def test_a_commit_that_breaks_off_passes_the_turn_on(monkeypatch):
    def break_off(self):
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(base.base.DatabaseWrapper, "_commit", break_off)
        with pytest.raises(MemoryError):
            write("a")
    assert not base._turn.locked()
    write("b")


def test_whoever_waits_too_long_is_told_so(monkeypatch):
    monkeypatch.setattr(base, "PATIENCE", 0.05)
    failed = []

    def run():
        try:
            write("late")
        except OperationalError as error:
            failed.append(str(error))
        finally:
            connection.close()

    with transaction.atomic():
        thread = threading.Thread(target=run)
        thread.start()
        thread.join(10)
    assert failed == ["database is locked"]
