"""The cast at noon, and a visitor who reads English."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.cast import NOON, Cast, assemble


@pytest.fixture
def at_noon():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def cast(db: None, at_noon: Any, settings: Any, tmp_path: Any) -> Cast:
    settings.ATTACHMENT_FOLDER = tmp_path / "attachments"
    return assemble()


@pytest.fixture
def visitor(cast: Cast) -> Client:
    return Client(enforce_csrf_checks=True, headers={"Accept-Language": "en"})
