"""The sealed ledger shows every tampering."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from django.db import connection

from heartline.common.actors import Actor
from heartline.ledger import seals
from heartline.ledger.actions import one_change, record
from heartline.ledger.models import Entry, Seal
from heartline.ledger.seals import seal, verify
from heartline.ledger.tests.events import Noted

NOW = datetime(2026, 11, 26, tzinfo=UTC)


def _write(*texts: str) -> None:
    for text in texts:
        with one_change():
            record(Noted(text=text), by=Actor.system("test"), now=NOW, sample=text == "sample")


def _tamper(sql: str) -> None:
    """Change entries behind the triggers, as somebody with the database's password could."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE ledger_entry DISABLE TRIGGER USER")
        else:
            cursor.execute("DROP TRIGGER ledger_entry_no_change")
            cursor.execute("DROP TRIGGER ledger_entry_no_removal")
        cursor.execute(sql)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE ledger_entry SET actor_name = 'another' WHERE id = (SELECT MIN(id) FROM ledger_entry)",
        "DELETE FROM ledger_entry WHERE id = (SELECT MIN(id) FROM ledger_entry)",
    ],
)
def test_tampering_breaks_the_chain(sql: str, settled: None) -> None:
    _write("one", "two", "three")
    assert seal(now=NOW) == 3
    _write("four")
    assert seal(now=NOW) == 1
    assert verify() == []
    _tamper(sql)
    assert len(verify()) == 1


@pytest.mark.django_db
def test_sample_entries_are_not_sealed(settled: None) -> None:
    _write("one", "sample")
    assert seal(now=NOW) == 1
    assert seal(now=NOW) == 0


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the entries of the test's own open transaction for settled."""
    monkeypatch.setattr("heartline.ledger.order.safe_tx", lambda: 2**62)


@pytest.mark.django_db
def test_of_two_who_seal_at_once_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heartline.ledger.order.safe_tx", lambda: 2**62)
    _write("one", "two")
    hashed = seals.chain

    def overtaken(previous: str, entries: Iterable[Entry]) -> str:
        monkeypatch.setattr(seals, "chain", hashed)
        assert seal(now=NOW) == 2
        return hashed(previous, entries)

    monkeypatch.setattr(seals, "chain", overtaken)
    assert seal(now=NOW) == 0
    assert (Seal.objects.count(), verify()) == (1, [])
