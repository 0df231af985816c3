"""What several tests of the top floor need."""

from __future__ import annotations

import itertools

import pytest

from heartline.config.sample import loading
from heartline.config.sample.words import talks
from tests.plugin import postgresql_url_for, wants_postgresql


@pytest.fixture
def empty_database():
    """Makes databases with nothing in them: returns a URL; "" means SQLite, in whatever data folder is used."""
    count = itertools.count()
    return lambda: postgresql_url_for(f"empty_{next(count)}") if wants_postgresql() else ""


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sample company with a few conversations instead of all: enough for what must go and what must stay."""
    few = [talk for talk in talks() if talk.is_open][:4] + [talk for talk in talks() if talk.brand == "loom"][:4]
    monkeypatch.setattr(loading, "talks", lambda: few)
