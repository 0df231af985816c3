"""What several tests of the top floor need."""

from __future__ import annotations

import os

import pytest
from django.db import connection


@pytest.fixture
def empty_database(django_db_blocker):
    """Makes databases with nothing in them: returns a URL; "" means SQLite, in whatever data folder is used."""
    made = []

    def make():
        if connection.vendor == "sqlite":
            return ""
        made.append(f"empty_{os.getpid()}_{len(made)}")
        _do(django_db_blocker, f"CREATE DATABASE {made[-1]}")
        base, _, query = os.environ["HEARTLINE_DATABASE_URL"].partition("?")
        return f"{base.rpartition('/')[0]}/{made[-1]}?{query}".rstrip("?")

    yield make
    for name in made:
        _do(django_db_blocker, f"DROP DATABASE {name} WITH (FORCE)")


def _do(blocker, sql):
    """Run a statement that must not be in a transaction, on a connection of its own."""
    import psycopg

    with blocker.unblock(), psycopg.connect(os.environ["HEARTLINE_DATABASE_URL"], autocommit=True) as own:
        own.execute(sql)
