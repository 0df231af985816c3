"""Loyalty against published vectors, and what must hold for any numbers."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.insight.loyalty.pyramid import concentration, curve, limits, movement, tier_of
from heartline.insight.loyalty.scores import Groups, gap, group_of, groups_of, holm, needed
from heartline.insight.loyalty.worth import growth, referrals, worth
from heartline.insight.statistics import student_quantile, wilson

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("counts", "score", "variance", "wald", "student", "low", "high"),
    [
        ((200, 100, 100), 25.0, 0.6875, 8.1256, 8.1605, 16.7241, 32.9037),
        ((150, 140, 110), 10.0, 0.64, 7.8399, 7.8736, 2.1208, 17.7303),
        ((5, 2, 3), 20.0, 0.76, 54.0325, 65.7368, -30.3260, 61.0952),
        ((0, 3, 7), -70.0, 0.21, 28.4026, 34.5550, -86.6384, -21.0539),
    ],
)
def test_nps(counts, score, variance, wald, student, low, high):
    groups = Groups(*counts)
    plain = groups.adjusted(0)
    assert (groups.score, plain[1]) == (pytest.approx(score), pytest.approx(variance))
    assert groups.interval(added=0)[1] - score == pytest.approx(wald, abs=5e-5)
    half = student_quantile(0.975, groups.n - 1) * math.sqrt(variance / (groups.n - 1)) * 100
    assert half == pytest.approx(student, abs=5e-5)
    assert groups.interval() == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_two_scores():
    one, other = Groups(200, 100, 100), Groups(150, 140, 110)
    plain, adjusted = gap(one, other, added=0), gap(one, other)
    assert (plain.difference, plain.z, plain.p) == (
        pytest.approx(15),
        pytest.approx(2.603778, abs=1e-6),
        pytest.approx(0.009220, abs=1e-6),
    )
    assert (adjusted.difference, adjusted.z, adjusted.p) == (
        pytest.approx(14.888337, abs=1e-6),
        pytest.approx(2.595929, abs=1e-6),
        pytest.approx(0.009434, abs=1e-6),
    )


def test_how_many_answers_are_needed():
    assert (needed(0.05), needed(0.05, 0.7), needed(0.05, 0.25)) == (1537, 1076, 385)
    assert needed(0.05, 0.25, 1000) == 279


def test_satisfied():
    assert wilson(172, 200) == (pytest.approx(0.805101, abs=1e-6), pytest.approx(0.901330, abs=1e-6))


def test_the_scale_is_cut_as_published():
    assert [group_of(score) for score in range(11)] == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2


def test_worth_as_satmetrix_counts_it():
    promoter, detractor = worth(1_818, 0.505, 1_615), worth(1_457, -0.837, 1_615)
    assert (round(promoter.word_of_mouth), round(promoter.total)) == (816, 2_634)
    assert (round(detractor.word_of_mouth), round(detractor.total)) == (-1_352, 105)
    assert round(promoter.total) - round(detractor.total) == 2_529


def test_worth_of_a_good_word_as_bain_counts_it():
    found = referrals(4e6, 0.25, 210, 40e6)
    assert (found.customers, found.money, found.each, found.of(8)) == (1e6, 210e6, 5.25, 42)


def test_earned_growth():
    """Of 100 before, 95 is spent again; 10 by new customers who were recommended, 4 by others."""
    found = growth([60, 40, 0, 0], [60, 35, 10, 4], [None, None, True, False])
    assert (found.retained, found.earned, found.bought) == (
        pytest.approx(0.95),
        pytest.approx(0.10),
        pytest.approx(0.04),
    )
    assert (found.earned_growth, found.growth) == (pytest.approx(0.05), pytest.approx(0.09))


def test_holm():
    assert holm([0.01, 0.04, 0.03]) == [pytest.approx(0.03), pytest.approx(0.06), pytest.approx(0.06)]


def test_the_curve_and_its_concentration():
    spending = [1.0] * 80 + [16.0] * 20
    assert next(mark.money for mark in curve(spending) if mark.customers == 0.20) == pytest.approx(0.8)
    assert concentration([5.0] * 10) == pytest.approx(0)
    assert concentration([0.0] * 99 + [1.0]) == pytest.approx(0.99)


def test_tiers_and_who_moved():
    before = [float(one) for one in range(1, 101)]
    least = limits(before)
    assert least == {"top": 100, "big": 96, "medium": 81, "small": 0}
    assert [tier_of(one, least) for one in (100, 99, 96, 95, 81, 80, 0.5, 0)] == [
        "top", "big", "big", "medium", "medium", "small", "small", "inactive",
    ]  # fmt: skip
    after = [*before[:99], 0.0]
    moved = {(one.was, one.now): one for one in movement(before, after)}
    assert moved["top", "inactive"].customers == 1
    assert (moved["top", "inactive"].before, moved["top", "inactive"].after) == (100, 0)
    assert moved["small", "small"].customers == 80


counts = st.integers(0, 500)


@given(st.tuples(counts, counts, counts).filter(any))
def test_an_interval_holds_the_adjusted_score(counts):
    groups = Groups(*counts)
    low, high = groups.interval()
    assert -100 <= low <= 100 * groups.adjusted()[0] <= high <= 100


@given(st.lists(st.integers(0, 10), min_size=1))
def test_nobody_is_counted_twice(scores):
    assert groups_of(scores).n == len(scores)


@given(st.lists(st.floats(0, 1e6), min_size=1).filter(any))
def test_the_curve_rises_to_everything(spending):
    found = curve(spending)
    assert found[-1].money == pytest.approx(1)
    assert [one.money for one in found] == sorted(one.money for one in found)


@given(
    st.lists(st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)), min_size=1).filter(
        lambda pairs: any(one for one, _ in pairs)
    )
)
def test_movement_loses_nobody_and_no_money(pairs):
    before, after = [one for one, _ in pairs], [one for _, one in pairs]
    found = movement(before, after)
    assert sum(one.customers for one in found) == len(pairs)
    assert sum(one.before for one in found) == pytest.approx(sum(before))
    assert sum(one.after for one in found) == pytest.approx(sum(after))
