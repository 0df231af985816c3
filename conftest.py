"""What every test may use. Where tests run is chosen earlier, in tests/plugin.py."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.core import management
from django.core.cache import cache
from django.db.backends.sqlite3.base import DatabaseOperations
from hypothesis import settings

from heartline.config.fresh import make_tables

# How long an example takes says something about the machine, not about the code.
settings.register_profile("heartline", deadline=None)
settings.load_profile("heartline")

_guards = import_module("heartline.ledger.migrations.0002_append_only")
_flush = DatabaseOperations.execute_sql_flush


def _flush_ledger_too(self: DatabaseOperations, sql_list: list[str]) -> None:
    """Empty the tables between tests: the ledger's own guard would refuse, so it steps aside meanwhile."""
    _flush(self, [*_guards.DROP_SQLITE, *sql_list, *_guards.SQLITE])


@pytest.fixture(autouse=True, scope="session")
def ledger_can_be_emptied_between_tests() -> Iterator[Any]:
    """Let SQLite's flush after transactional tests empty the ledger (PostgreSQL truncates, which no guard sees)."""
    patch = pytest.MonkeyPatch()
    patch.setattr(DatabaseOperations, "execute_sql_flush", _flush_ledger_too)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def django_db_setup(_tables_are_made_at_once: pytest.MonkeyPatch, django_db_setup: None) -> None:
    """Make the test database as a new installation makes its own, and put the command back."""
    _tables_are_made_at_once.undo()


@pytest.fixture(scope="session")
def _tables_are_made_at_once() -> Iterator[pytest.MonkeyPatch]:
    """Let `migrate` make the tables without replaying history: its own tests show that nothing else comes of it."""
    others = management.call_command

    def call(name: str, *arguments: Any, **options: Any) -> Any:
        return make_tables() if name == "migrate" else others(name, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(management, "call_command", call)
        yield patch


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test read, on PostgreSQL too, the events of the transaction it runs in and that is never committed.

    That readers wait for open transactions is proved in the ledger's own tests.
    """
    monkeypatch.setattr("heartline.ledger.queries.safe_tx", lambda: 2**62)  # heartline.ledger.order.ENDLESS


@pytest.fixture(autouse=True)
def nothing_is_remembered_from_the_test_before() -> None:
    """Empty the process's memory of answers: the next test's rows have the same numbers."""
    cache.clear()
