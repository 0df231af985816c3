"""A company at noon, and programs of its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine

from heartline.api.budget import BUDGET
from heartline.api.tests.helpers import Program
from heartline.conversations.actions.contacts import answer_contact
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for
from tests.cast import NOON, Cast, assemble, waiting_contact


@pytest.fixture(autouse=True)
def _noon() -> Iterator[None]:
    BUDGET.forget()
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return assemble()


@pytest.fixture
def program(cast: Cast) -> Callable[[str], Program]:
    """Return a program of one of the cast, made once."""
    made: dict[str, Program] = {}
    return lambda name: made.setdefault(name, Program(getattr(cast, name)))


@pytest.fixture
def contact(cast: Cast) -> Contact:
    """Return a contact that Grace serves."""
    found = waiting_contact(cast)
    return answer_contact(found, cast.grace, by=actor_for(cast.grace), now=NOON)
