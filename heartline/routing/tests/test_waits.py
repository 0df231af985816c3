"""An expected wait is a range that can be kept, or nothing."""

from __future__ import annotations

import heapq
import random
from dataclasses import replace
from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.routing.rules import Line, expected_wait
from heartline.routing.rules.waits import LONGEST_TOLD_MINUTES, Z, _gamma_quantile

BUSY = Line(ahead=3, places=6, free=0, served=(300.0,) * 10)


def test_nobody_at_work_means_nothing_can_be_said() -> None:
    assert expected_wait(replace(BUSY, places=0)) is None


def test_a_free_place_for_everybody_ahead_means_under_a_minute() -> None:
    assert expected_wait(Line(ahead=0, places=1, free=1)) == (0, 1)
    assert expected_wait(Line(ahead=2, places=3, free=3)) == (0, 1)


def test_too_little_known_means_nothing_can_be_said() -> None:
    assert expected_wait(replace(BUSY, served=(300.0,) * 4)) is None


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


def test_the_upper_end_is_not_below_what_most_have_just_waited() -> None:
    assert expected_wait(replace(BUSY, waited=(900.0,) * 5)) == (1, 15)
    assert expected_wait(replace(BUSY, waited=(900.0,) * 4)) == (1, 6)


def test_beyond_what_anybody_plans_by_nothing_is_said() -> None:
    assert expected_wait(replace(BUSY, ahead=400)) is None


def test_the_quantile_is_near_the_exact_one() -> None:
    """For one departure the gamma is an exponential, whose quantiles are logarithms."""
    assert _gamma_quantile(1, 60, Z) == pytest.approx(-60 * log(0.1), rel=0.02)
    assert _gamma_quantile(1, 60, -Z) == pytest.approx(-60 * log(0.9), rel=0.07)


@given(st.integers(0, 60), st.integers(0, 30), st.integers(0, 30), st.lists(st.floats(1, 7200), max_size=20))
def test_a_range_is_always_a_range(ahead: int, places: int, free: int, served: list[float]) -> None:
    found = expected_wait(Line(ahead=ahead, places=places, free=min(free, places), served=served, waited=served))
    assert found is None or 0 <= found[0] < found[1] <= LONGEST_TOLD_MINUTES


def test_eight_of_ten_waits_fall_into_the_range_that_was_told() -> None:
    """A simulated queue with exponential handling times: what is told must hold about as often as it claims."""
    rng = random.Random(26)
    told = kept = late = 0
    for _ in range(1500):
        places, ahead, mean = rng.randint(1, 12), rng.randint(0, 15), rng.uniform(120, 900)
        served = [rng.expovariate(1 / mean) for _ in range(50)]
        range_told = expected_wait(Line(ahead=ahead, places=places, free=0, served=served))
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
