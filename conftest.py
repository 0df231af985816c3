"""What every test may use. Where tests run is chosen earlier, in tests/plugin.py."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from importlib import import_module
from typing import Any

import pytest
from django.core import management
from django.core.cache import cache as remembered
from django.db import connection, transaction
from django.test import TransactionTestCase
from hypothesis import settings

from heartline.config.assets import MarkedAssets
from heartline.config.fresh import make_tables

pytest_plugins = ["tests.visits"]
# How long an example takes says something about the machine, not about the code.
settings.register_profile("heartline", deadline=None)
settings.load_profile("heartline")

_guards = import_module("heartline.ledger.migrations.0002_append_only")
OF_THE_HOUSE = {"django_content_type", "auth_permission"}  # made with the tables, and the same for every test
IS_FILLED = "SELECT '{0}' WHERE EXISTS (SELECT 1 FROM {0})"


@cache
def _emptied_after_a_test() -> list[str]:
    return sorted(set(connection.introspection.django_table_names(only_existing=True)) - OF_THE_HOUSE)


def _empty_what_was_filled(_test: TransactionTestCase) -> None:
    """Empty the few tables that a test has filled: flushing all of them takes longer than most tests.

    The ledger's own guard would refuse, so it steps aside meanwhile; on PostgreSQL with every other trigger.
    """
    aside, back = ["SET LOCAL session_replication_role = replica"], []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(map(IS_FILLED.format, _emptied_after_a_test())))
        filled = [name for (name,) in cursor.fetchall()]
        if connection.vendor == "sqlite":
            aside, back = (_guards.DROP_SQLITE, _guards.SQLITE) if "ledger_entry" in filled else ([], [])
        for statement in (*aside, *map("DELETE FROM {}".format, filled), *back):
            cursor.execute(statement)


@pytest.fixture(autouse=True, scope="session")
def tables_are_emptied_quickly_between_tests() -> Iterator[None]:
    """After a test whose changes are committed, undo them in a few statements."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", _empty_what_was_filled)
        yield


@pytest.fixture(scope="session")
def django_db_setup(_tables_are_made_at_once: pytest.MonkeyPatch, django_db_setup: None) -> Iterator[None]:
    """Make the test database as a new installation makes its own, and put the command back."""
    _tables_are_made_at_once.undo()
    yield
    gc.collect()  # connections of threads that have ended: PostgreSQL drops no database that somebody holds


@pytest.fixture(scope="session")
def _tables_are_made_at_once() -> Iterator[pytest.MonkeyPatch]:
    """Let `migrate` make the tables without replaying history: its own tests show that nothing else comes of it."""
    others = management.call_command

    def call(name: str, *arguments: Any, **options: Any) -> Any:
        return make_tables() if name == "migrate" else others(name, *arguments, **options)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(management, "call_command", call)
        yield patch


@pytest.fixture(autouse=True, scope="session")
def assets_are_looked_for_once() -> Iterator[None]:
    """Every test client has middleware of its own, which would look through all folders of assets again."""
    look, found = MarkedAssets.add_files_from_finders, {}

    def remember(middleware: MarkedAssets) -> None:
        if not found:
            look(middleware)
            found.update(middleware.files)
        middleware.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MarkedAssets, "add_files_from_finders", remember)
        yield


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test read, on PostgreSQL too, the events of the transaction it runs in and that is never committed.

    That readers wait for open transactions is proved in the ledger's own tests.
    """
    monkeypatch.setattr("heartline.ledger.order.safe_tx", lambda: 2**62)  # heartline.ledger.order.ENDLESS


@pytest.fixture
def minute_that_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let what is counted by the minute be counted in the one the test began in, however long the test takes."""
    from heartline.people import limits  # its tables are not there yet when this file is read

    began, real = dict[timedelta, int](), limits.window_of
    monkeypatch.setattr(limits, "window_of", lambda per, now: began.setdefault(per, real(per, now)))


@pytest.fixture(autouse=True)
def nothing_is_remembered_from_the_test_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty the process's memory of answers: the next test's rows have the same numbers. Lines are read at each look."""
    remembered.clear()
    monkeypatch.setattr("heartline.routing.waits.queries.STANDS", timedelta())
