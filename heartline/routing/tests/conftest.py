"""The cast, in a fresh database."""

from __future__ import annotations

import pytest

from tests.cast import Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def open_cast(transactional_db: None) -> Cast:
    """The cast in committed tables, for tests whose threads have connections of their own."""
    return assemble()
