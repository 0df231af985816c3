"""A company whose words are indexed, and somebody to ask for them."""

from __future__ import annotations

from datetime import UTC

import pytest

from heartline.knowledge.search.actions import build_on, follow
from heartline.knowledge.search.queries import Place, Reader, find
from heartline.knowledge.search.rules import understand
from heartline.knowledge.search.sources import BY_KEY
from heartline.people.queries import scope_of
from tests.cast import NOON, assemble


@pytest.fixture
def cast(db):
    """The test's own mark decides whether this is a transaction that ends with the test."""
    return assemble()


def keep_up():
    """Do what the background process does until there is nothing left."""
    while follow() or build_on() is not None:
        pass


def found(person, typed, kind, *, limit=20, place=None):
    """Return the ids that a person finds."""
    reader = Reader(scope_of(person), NOON, UTC)
    return find(reader, understand(typed), BY_KEY[kind], place=place or Place(), limit=limit).ids
