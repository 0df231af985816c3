"""Presence: whoever chooses is there; who is gone is set away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.people.actions import actor_for, note_seen, notice_gone_browsers, set_presence
from tests.cast import NOON, assemble

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["available", "not_ready"])
def test_who_chooses_a_presence_in_the_morning_is_not_taken_for_gone_since_yesterday(state: str) -> None:
    cast = assemble()
    note_seen([cast.grace.id], now=NOON - timedelta(hours=14))
    set_presence(cast.grace, state, by=actor_for(cast.grace), now=NOON)
    assert notice_gone_browsers(now=NOON + timedelta(seconds=5)) == 0
    assert notice_gone_browsers(now=NOON + timedelta(seconds=50)) == 1
