"""What a message leads to, and what may be said about a wait."""

from __future__ import annotations

from datetime import timedelta

import pytest

from heartline.channels.webchat import rules
from tests.cast import NOON

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("state", "left", "ended_ago", "opened_ago", "step"),
    [
        ("waiting", "", None, MINUTE, "add"),
        ("active", "", None, 40 * DAY, "add"),
        ("abandoned", "silent", 14 * MINUTE, MINUTE, "resume"),
        ("abandoned", "silent", 15 * MINUTE, MINUTE, "same_case"),
        ("abandoned", "left", MINUTE, MINUTE, "same_case"),
        ("abandoned", "callback", MINUTE, MINUTE, "same_case"),
        ("wrap_up", "", MINUTE, 29 * DAY, "same_case"),
        ("ended", "", MINUTE, 30 * DAY, "new_case"),
        ("abandoned", "silent", 20 * DAY, 31 * DAY, "new_case"),
    ],
)
def test_next_step(state: str, left: str, ended_ago: timedelta | None, opened_ago: timedelta, step: str) -> None:
    ended_at = NOON - ended_ago if ended_ago else None
    assert rules.next_step(state, left=left, ended_at=ended_at, case_opened_at=NOON - opened_ago, now=NOON) == step


@pytest.mark.parametrize(
    ("wait", "told", "waited", "said"),
    [
        (None, (1, 3), 2, "unknown"),
        ((1, 3), None, 20, "as_told"),
        ((1, 3), (3, 5), 4, "as_told"),
        ((2, 4), (3, 5), 4, "longer"),
        ((0, 1), (0, 1), 2, "longer"),
        ((0, 1), (0, 1), 0, "as_told"),
    ],
)
def test_a_wait_that_grew_is_owned_up_to(
    wait: tuple[int, int] | None, told: tuple[int, int] | None, waited: int, said: str
) -> None:
    asked_at = NOON - waited * MINUTE
    assert rules.wait_shown(wait, told, asked_at=asked_at, now=NOON) == (said, wait)
