from __future__ import annotations

import pytest

from heartline.improvement.quality.tests.stage import published
from tests.cast import assemble


@pytest.fixture
def cast(db):
    return assemble()


@pytest.fixture
def version(cast):
    return published(cast)
