"""What tests of kept rows begin with."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from heartline.insight.kept.reading import Reader
from heartline.people.actions import actor_for, set_presence
from tests.cast import NOON, Cast, assemble


@pytest.fixture
def cast() -> Cast:
    cast = assemble()
    set_presence(cast.grace, "available", by=actor_for(cast.grace), now=NOON - timedelta(minutes=5))
    return cast


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "figures"


@pytest.fixture
def reader(home: Path) -> Iterator[Reader]:
    reader = Reader(home)
    yield reader
    reader.forget()
