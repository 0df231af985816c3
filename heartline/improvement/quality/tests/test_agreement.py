"""Kappa against what was published, to the digits that were printed."""

from __future__ import annotations

import pytest

from heartline.improvement.quality.rules.agreement import (
    FEWEST_PAIRS,
    identity,
    kappa,
    kappa_of_pairs,
    linear,
    quadratic,
)

pytestmark = pytest.mark.once
# SAS/STAT, PROC FREQ, Getting Started: two dermatologists on a skin condition.
SKIN = [[10, 4, 1, 0], [5, 10, 12, 2], [2, 4, 12, 5], [0, 2, 6, 13]]
# Stata [R] kappa: two radiologists on 85 xeromammograms (Boyd et al. 1982, in Altman 1991).
BREAST = [[21, 12, 0, 0], [4, 17, 1, 0], [3, 9, 15, 2], [0, 0, 0, 1]]
# Fleiss, Cohen and Everitt (1969), table 1, n = 200, with their weights.
DIAGNOSES = [[106, 10, 4], [22, 28, 10], [2, 12, 6]]
THEIR_WEIGHTS = [[1, 0, 0.4444], [0, 1, 0.6666], [0.4444, 0.6666, 1]]
# Artstein and Poesio (2008), tables 1 and 4; scikit-learn's weighted example.
ARTSTEIN = [[20, 20], [10, 50]]
WEIGHTED = [[46, 0, 0], [4, 40, 0], [0, 0, 10]]


@pytest.mark.parametrize(
    ("table", "weigh", "value"),
    [
        (SKIN, identity, 0.3449),
        (SKIN, linear, 0.5082),
        (BREAST, identity, 0.4728),
        (BREAST, quadratic, 0.6714),
        (DIAGNOSES, identity, 0.4286),
        (ARTSTEIN, identity, 0.3478),
        (WEIGHTED, identity, 0.9315),
        (WEIGHTED, linear, 0.9412),
        (WEIGHTED, quadratic, 0.9541),
    ],
)
def test_published_values(table, weigh, value):
    assert kappa(table, weigh).value == pytest.approx(value, abs=5e-5)


def test_published_intervals():
    plain, weighted = kappa(SKIN), kappa(SKIN, linear)
    assert (plain.low, plain.high) == (pytest.approx(0.2030, abs=5e-5), pytest.approx(0.4868, abs=5e-5))
    assert (weighted.low, weighted.high) == (pytest.approx(0.3798, abs=5e-5), pytest.approx(0.6366, abs=5e-5))


def test_published_variance():
    plain = kappa(DIAGNOSES)
    assert ((plain.high - plain.value) / 1.959964) ** 2 == pytest.approx(0.002885, abs=5e-7)
    weighted = kappa(DIAGNOSES, lambda i, j, n: THEIR_WEIGHTS[i][j])
    assert weighted.value == pytest.approx(0.5071, abs=5e-5)
    assert ((weighted.high - weighted.value) / 1.959964) ** 2 == pytest.approx(0.003248, abs=5e-7)


def test_weights_make_no_difference_with_two_answers():
    assert kappa(ARTSTEIN, quadratic) == kappa(ARTSTEIN, identity)


def test_always_the_same_answer_says_nothing():
    found = kappa([[30, 0], [0, 0]])
    assert (found.n, found.agreed, found.value) == (30, 30, None)
    assert kappa([[0, 0], [0, 0]]).value is None


def test_perfect_and_perverse():
    assert kappa([[10, 0], [0, 10]]).value == 1
    assert kappa([[0, 10], [10, 0]]).value == pytest.approx(-1)


def test_few_pairs_say_so():
    pairs = [(0, 0), (1, 1)] * (FEWEST_PAIRS // 2)
    assert not kappa_of_pairs(pairs, (0, 1)).too_few
    assert kappa_of_pairs(pairs[1:], (0, 1)).too_few
