"""An expected wait is a range that can be kept, or nothing."""

from __future__ import annotations

import heapq
import random
from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.routing.rules import Lately, Line, expected_wait
from heartline.routing.rules.waits import LONGEST_TOLD_MINUTES, Z, _gamma_quantile

TEN_OF_FIVE_MINUTES = Lately(served=10, served_seconds=3000)
BUSY = Line(ahead=3, places=6, free=0, lately=TEN_OF_FIVE_MINUTES)


def test_nobody_at_work_means_nothing_can_be_said() -> None:
    assert expected_wait(replace(BUSY, places=0)) is None


def test_a_free_place_for_everybody_ahead_means_under_a_minute() -> None:
    assert expected_wait(Line(ahead=0, places=1, free=1)) == (0, 1)
    assert expected_wait(Line(ahead=2, places=3, free=3)) == (0, 1)


def test_too_little_known_means_nothing_can_be_said() -> None:
    assert expected_wait(replace(BUSY, lately=Lately(served=4, served_seconds=1200))) is None


def test_four_places_must_fall_free_for_the_fourth_in_line() -> None:
    # 4 departures, one every 50 s on average: 10th and 90th percentile of gamma(4, 50 s) are 87 s and 334 s
    assert expected_wait(BUSY) == (1, 6)


def test_more_people_shorten_it_and_more_ahead_lengthen_it() -> None:
    alone = expected_wait(replace(BUSY, places=1))
    crowd = expected_wait(replace(BUSY, ahead=20))
    assert alone
    assert crowd
    assert alone[0] > 1
    assert crowd[0] > 1


def with_waits(seconds: float, count: int) -> Line:
    return replace(BUSY, lately=replace(TEN_OF_FIVE_MINUTES, waited=(seconds,) * count))


def test_who_leaves_before_their_turn_shortens_it() -> None:
    half_leave = replace(TEN_OF_FIVE_MINUTES, left_share=0.5)
    for ahead in (1, 4, 20):
        all_stay, some_leave = replace(BUSY, ahead=ahead), replace(BUSY, ahead=ahead, lately=half_leave)
        stayed, left = expected_wait(all_stay), expected_wait(some_leave)
        assert stayed
        assert left
        assert left < stayed
    assert expected_wait(replace(BUSY, ahead=0, lately=half_leave)) == expected_wait(replace(BUSY, ahead=0))


def test_the_upper_end_is_not_below_what_most_have_just_waited() -> None:
    assert expected_wait(with_waits(900.0, 5)) == (1, 15)
    assert expected_wait(with_waits(900.0, 4)) == (1, 6)


def test_beyond_what_anybody_plans_by_nothing_is_said() -> None:
    assert expected_wait(replace(BUSY, ahead=400)) is None


def test_the_quantile_is_near_the_exact_one() -> None:
    """For one departure the gamma is an exponential, whose quantiles are logarithms."""
    assert _gamma_quantile(1, 60, Z) == pytest.approx(-60 * log(0.1), rel=0.02)
    assert _gamma_quantile(1, 60, -Z) == pytest.approx(-60 * log(0.9), rel=0.07)


@given(
    st.integers(0, 60),
    st.integers(0, 30),
    st.integers(0, 30),
    st.lists(st.floats(1, 7200), max_size=20),
    st.floats(0, 1),
)
def test_a_range_is_always_a_range(ahead: int, places: int, free: int, served: list[float], left: float) -> None:
    lately = Lately(served=len(served), served_seconds=sum(served), left_share=left, waited=served)
    found = expected_wait(Line(ahead=ahead, places=places, free=min(free, places), lately=lately))
    assert found is None or 0 <= found[0] < found[1] <= LONGEST_TOLD_MINUTES


def test_eight_of_ten_waits_fall_into_the_range_that_was_told() -> None:
    """A simulated queue with exponential handling times: what is told must hold about as often as it claims."""
    rng = random.Random(26)
    told = kept = late = 0
    for _ in range(1500):
        places, ahead, mean = rng.randint(1, 12), rng.randint(0, 15), rng.uniform(120, 900)
        served = [rng.expovariate(1 / mean) for _ in range(50)]
        lately = Lately(served=len(served), served_seconds=sum(served))
        range_told = expected_wait(Line(ahead=ahead, places=places, free=0, lately=lately))
        if range_told is None:
            continue
        wait = _simulated_wait(rng, places, ahead, mean) / 60
        told += 1
        kept += range_told[0] <= wait <= range_told[1]
        late += wait > range_told[1]
    assert told > 1200
    assert kept / told > 0.78
    assert late / told < 0.13


def _simulated_wait(rng: random.Random, places: int, ahead: int, mean: float) -> float:
    """Return when a place falls free for somebody with `ahead` before them, all places being busy at the start."""
    busy = [rng.expovariate(1 / mean) for _ in range(places)]
    heapq.heapify(busy)
    for _ in range(ahead):
        free_at = heapq.heappop(busy)
        heapq.heappush(busy, free_at + rng.expovariate(1 / mean))
    return heapq.heappop(busy)
