"""What problems cost, against published vectors and against what must hold for any numbers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.insight.damage.counting import Baseline, Channel, Loyalty, WordOfMouth, count
from heartline.insight.damage.problems import Problem, Recurring, exposure, inaction, ranked, satisfied_share

pytestmark = pytest.mark.once

YEAR = Baseline(
    200_000,
    400,
    0.30,
    (Channel("all", 0.40, 0.50, 0.25, 0.25),),
    Loyalty(0.90, 0.85, 0.70, 0.45, 0.65),
    WordOfMouth(4, 2, 0.02, 0.01),
)


def near(value):
    return pytest.approx(value, rel=1e-9, abs=1e-6)


def test_the_cells():
    damage = count(YEAR)
    assert [(c.outcome, c.people, c.loyalty, c.lost) for c in damage.cells] == [
        ("satisfied", near(12_000), 0.85, near(600)),
        ("mollified", near(6_000), 0.70, near(1_200)),
        ("dissatisfied", near(6_000), 0.45, near(2_700)),
        ("silent", near(36_000), 0.65, near(9_000)),
    ]
    assert (damage.with_problems, damage.lost, damage.revenue_at_risk) == (60_000, near(13_500), near(5_400_000))
    assert (damage.hear_bad, damage.hear_good) == (near(168_000), near(24_000))
    assert (damage.prospects_lost, damage.prospects_won) == (near(3_360), near(240))
    assert (damage.word_of_mouth, damage.total) == (near(-1_248_000), near(6_648_000))
    assert (damage.per_month, damage.total / 12) == (near(450_000), near(554_000))
    assert damage.rule_of_thumb == near(12_000)


def test_channels_add_up():
    """Two channels that end alike are one."""
    two = replace(YEAR, channels=(Channel("phone", 0.25, 0.50, 0.25, 0.25), Channel("mail", 0.15, 0.50, 0.25, 0.25)))
    assert (count(two).lost, count(two).total) == (near(13_500), near(6_648_000))


@pytest.mark.parametrize(
    ("loyalty", "complain", "returning"),
    [
        (Loyalty(1, 0.95, 0.70, 0.46, 0.37), 0.1, 400.8),
        (Loyalty(1, 0.95, 0.70, 0.46, 0.37), 0.4, 493.2),
        (Loyalty(1, 0.82, 0.54, 0.19, 0.09), 0.1, 130.1),
        (Loyalty(1, 0.82, 0.54, 0.19, 0.09), 0.4, 250.4),
    ],
)
def test_who_returns(loyalty, complain, returning):
    """TARP: minor and major loss; 20 % satisfied quickly, 50 % satisfied, 30 % not."""
    year = Baseline(1_000, 1, 1.0, (Channel("all", complain, 0.20, 0.50, 0.30),), loyalty)
    assert count(year).returning == near(returning)


def test_exposure_as_a_public_calculator_has_it():
    found = exposure(100_000, 500, 0.40, 0.25, (8, 15))
    assert (found.with_problems, found.lost, found.revenue_at_risk) == (40_000, 10_000, 5_000_000)
    assert found.hear == (320_000, 600_000)


def test_the_most_frequent_problem_is_not_the_worst():
    found = ranked([Problem("C", 0.20, 0.90), Problem("B", 0.04, 0.20), Problem("A", 0.10, 0.60)])
    assert [(one.name, one.at_risk) for one in found] == [("A", near(0.04)), ("B", near(0.032)), ("C", near(0.02))]


def test_a_month_of_a_recurring_problem():
    found = inaction(Recurring("invoice", 120, 0.10, 15, 10, 300, 0.15, 0.25, 4, 0.02))
    parts = (found.occurrences, found.handling, found.complained, found.silent, found.word_of_mouth)
    assert parts == (near(1_200), near(3_000), near(5_400), near(81_000), near(28_800))
    assert (found.counted, found.total, found.per_year) == (near(89_400), near(118_200), near(1_072_800))


def test_satisfied_in_the_end():
    assert satisfied_share(0.90, 0.30, 0.60) == near(0.918)


share = st.floats(0, 1)


@st.composite
def years(draw):
    first, second = sorted((draw(share), draw(share)))
    channel = Channel("all", draw(share), first, second - first, 1 - second)
    words = WordOfMouth(draw(st.floats(0, 20)), draw(st.floats(0, 20)), draw(share), draw(share))
    loyalty = Loyalty(*(draw(share) for _ in range(5)))
    return Baseline(draw(st.floats(1, 1e7)), draw(st.floats(0, 1e5)), draw(share), (channel,), loyalty, words)


@given(years())
def test_everybody_with_a_problem_is_in_one_cell(year):
    damage = count(year)
    assert sum(cell.people for cell in damage.cells) == pytest.approx(damage.with_problems, rel=1e-9, abs=1e-6)
    assert damage.lost == pytest.approx(
        damage.with_problems * year.loyalty.no_problem - damage.returning, rel=1e-6, abs=1e-3
    )


@given(years())
def test_no_difference_in_loyalty_no_damage(year):
    alike = Loyalty(*[year.loyalty.no_problem] * 5)
    assert count(replace(year, loyalty=alike)).revenue_at_risk == 0


@given(years())
def test_no_problem_no_damage(year):
    assert count(replace(year, problems=0.0)).total == 0


@given(years(), st.floats(0, 100))
def test_money_is_linear_in_value(year, times):
    once, more = count(year), count(replace(year, value=year.value * times))
    assert more.total == pytest.approx(once.total * times, rel=1e-6, abs=1e-3)


@given(years(), share)
def test_access_pays_exactly_when_complainants_stay_longer_than_the_silent(year, more):
    channel = year.channels[0]
    wider = replace(channel, share=max(channel.share, more))
    gain = count(year).lost - count(replace(year, channels=(wider,))).lost
    stay = year.loyalty
    mean = (
        channel.satisfied * stay.satisfied
        + channel.mollified * stay.mollified
        + channel.dissatisfied * stay.dissatisfied
    )
    people = year.customers * year.problems * (wider.share - channel.share)
    assert gain == pytest.approx(people * (mean - stay.silent), rel=1e-6, abs=1e-3)
