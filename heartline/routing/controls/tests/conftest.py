"""The cast, in a fresh database, with Grace and Lina at their desks."""

from __future__ import annotations

import pytest

from heartline.routing.tests.helpers import free
from tests.cast import NOON, Cast, assemble


@pytest.fixture
def cast(db: None) -> Cast:
    cast = assemble()
    free(cast.grace, cast.lina, now=NOON)
    return cast
