"""What several tests of the top floor need."""

from __future__ import annotations

import itertools

import pytest

from tests.plugin import postgresql_url_for, wants_postgresql


@pytest.fixture
def empty_database():
    """Makes databases with nothing in them: returns a URL; "" means SQLite, in whatever data folder is used."""
    count = itertools.count()
    return lambda: postgresql_url_for(f"empty_{next(count)}") if wants_postgresql() else ""
