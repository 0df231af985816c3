"""How much room a half hour has for calls, and when we ring again."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.people.rules import Calendar
from heartline.promises.callbacks.rules import again_at, room
from heartline.routing.rules.plan import Calls

ALWAYS = Calendar("Asia/Shanghai", tuple((day, time(0), time(0)) for day in range(7)))
NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)  # four in the afternoon in Shanghai
OFFICE = Calendar("Asia/Shanghai", tuple((day, time(9), time(18)) for day in range(7)))


@pytest.mark.parametrize(
    ("usual", "people", "booked", "left"),
    [
        (0.0, 9, 0, 0),  # nobody works then
        (8.0, 0, 0, 2),  # a quarter of what is usual
        (8.0, 0, 2, 0),
        (8.0, 0, 5, 0),
        (1.0, 0, 0, 1),
        (None, 0, 0, 1),
        (None, 4, 1, 2),  # four people, three calls each, a quarter of them
    ],
)
def test_room(usual: float | None, people: int, booked: int, left: int) -> None:
    assert room(usual=usual, people=people, booked=booked) == left


@given(st.floats(0, 1e4) | st.none(), st.integers(0, 1000), st.integers(0, 1000))
def test_room_is_never_negative_and_only_shrinks(usual: float | None, people: int, booked: int) -> None:
    before, after = (room(usual=usual, people=people, booked=booked + more) for more in (0, 1))
    assert 0 <= after <= before <= after + 1


PLAN = Calls()


@given(st.sampled_from(["no_answer", "busy", "voicemail"]), st.integers(1, 10), st.integers(1, 10))
def test_attempts_have_gaps_and_an_end(outcome: str, tries: int, attempts: int) -> None:
    again = again_at(outcome, tries, Calls(attempts=attempts), ALWAYS, NOW)
    assert (again is None) == (tries >= attempts)
    assert again is None or again > NOW


@pytest.mark.parametrize(
    ("outcome", "tries", "seconds"), [("no_answer", 1, 60), ("voicemail", 2, 70), ("no_answer", 3, 70), ("busy", 2, 80)]
)
def test_the_gap_is_the_one_that_the_plan_says(outcome: str, tries: int, seconds: int) -> None:
    plan = Calls(attempts=4, first_gap=60, later_gap=70, engaged_gap=80)
    assert again_at(outcome, tries, plan, ALWAYS, NOW) == NOW + timedelta(seconds=seconds)


def test_ringing_again_keeps_to_our_hours() -> None:
    late = NOW + timedelta(hours=1, minutes=50)
    assert again_at("no_answer", 1, PLAN, OFFICE, late) == datetime(2026, 11, 27, 1, 0, tzinfo=UTC)


def test_a_wrong_number_has_no_again() -> None:
    assert again_at("wrong_number", 1, PLAN, ALWAYS, NOW) is None
