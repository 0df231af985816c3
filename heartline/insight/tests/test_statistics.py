"""Intervals and percentiles against published values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.insight.statistics import MANY, mean_interval, percentile, student_cdf, student_quantile, wilson


@pytest.mark.parametrize(
    ("hits", "n", "low", "high", "places"),
    [
        (172, 200, 0.805101, 0.901330, 6),  # reference/voice_of_customer.md 2.2, from R
        (81, 263, 0.2553, 0.3662, 4),  # Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, method 3
        (15, 148, 0.0624, 0.1605, 4),
        (0, 20, 0.0, 0.1611, 4),
        (1, 29, 0.0061, 0.1718, 4),
    ],
)
def test_wilson_agrees_with_published_intervals(hits: int, n: int, low: float, high: float, places: int) -> None:
    assert tuple(round(bound, places) for bound in wilson(hits, n)) == (low, high)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_stays_within_zero_and_one_around_the_share(answers: tuple[int, int]) -> None:
    hits, n = answers
    low, high = wilson(hits, n)
    assert 0 <= low <= hits / n <= high <= 1
    assert low < high


def test_wilson_of_the_unsatisfied_mirrors_that_of_the_satisfied() -> None:
    low, high = wilson(7, 10)
    mirrored = wilson(3, 10)
    assert (1 - high, 1 - low) == pytest.approx(mirrored)


def test_no_answers_have_no_interval() -> None:
    with pytest.raises(ValueError, match="share needs"):
        wilson(0, 0)


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(1, 12.706), (2, 4.303), (3, 3.182), (5, 2.571), (10, 2.228), (30, 2.042), (120, 1.980)]
)
def test_student_agrees_with_printed_tables(freedom: int, quantile: float) -> None:
    assert student_quantile(0.975, freedom) == pytest.approx(quantile, abs=0.0005)


@pytest.mark.parametrize("probability", [0.9, 0.975, 0.995])
@pytest.mark.parametrize("freedom", [MANY + 1, MANY + 2, 1001, 4000])
def test_student_of_much_freedom_leaves_the_share_below_it_that_it_should(probability: float, freedom: int) -> None:
    assert student_cdf(student_quantile(probability, freedom), freedom) == pytest.approx(probability, abs=1e-10)


def test_the_interval_of_a_mean_agrees_with_students_own_data() -> None:
    # Student, Biometrika 6 (1908): extra hours of sleep of ten patients; R: t.test(extra) gives 0.7001142 to 2.4598858
    # for the differences 1.2 2.4 1.3 1.3 0.0 1.0 1.8 0.8 4.6 1.4.
    low, high = mean_interval([1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4]) or (0, 0)
    assert (low, high) == pytest.approx((0.7001142, 2.4598858), abs=1e-6)


def test_one_value_says_nothing_about_spread() -> None:
    assert mean_interval([4.0]) is None


@pytest.mark.parametrize(("share", "value"), [(0.05, 15), (0.3, 20), (0.4, 20), (0.5, 35), (1.0, 50)])
def test_the_percentile_is_by_nearest_rank(share: float, value: int) -> None:
    # The usual worked example of the nearest-rank method: 15, 20, 35, 40, 50.
    assert percentile([35, 20, 15, 50, 40], share) == value


@given(st.lists(st.integers(0, 10_000), min_size=1), st.floats(0.01, 1))
def test_a_percentile_is_a_value_that_enough_do_not_exceed(values: list[int], share: float) -> None:
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9
