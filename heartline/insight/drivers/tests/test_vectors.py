"""Published numbers: R's relaimpo, domir and rwa on swiss and mtcars; penalty and reward without noise."""

import itertools

import numpy as np
import pytest

from heartline.insight.drivers import Question, explain, lmg, penalty_reward, relative_weights, sample_of, subset_r2
from heartline.insight.drivers.tests.figures import CARS, CARS_NAMES, SWISS, SWISS_NAMES, correlations
from heartline.insight.files import frame_of

pytestmark = pytest.mark.once

PREDICTORS = SWISS_NAMES[1:]
LMG = [0.05709122077, 0.17117302890, 0.26013467862, 0.10557015037, 0.11276592293]
WEIGHTS = [0.04841689581, 0.15470824981, 0.27196410465, 0.11468002995, 0.11696572138]
LAST = [0.042869607125, 0.007387418515, 0.161962693077, 0.062372625827, 0.056945258732]
FIRST = [0.1246649099, 0.4171644705, 0.4406156467, 0.2150035016, 0.1735189273]


def swiss():
    return correlations(SWISS, SWISS_NAMES, "Fertility", PREDICTORS)


def test_lmg_on_swiss():
    found = lmg(swiss())
    assert found == pytest.approx(LMG, abs=1e-8)
    assert found.sum() == pytest.approx(0.7067350016, abs=1e-8)
    assert found / found.sum() == pytest.approx([0.08078165, 0.24220256, 0.36807952, 0.14937728, 0.15955899], abs=1e-8)


def test_johnsons_weights_on_swiss():
    found = relative_weights(swiss())
    assert found == pytest.approx(WEIGHTS, abs=1e-8)
    assert found.sum() == pytest.approx(0.7067350016, abs=1e-8)


def test_conditional_dominance_on_swiss():
    """What a driver adds on average to subsets of each size."""
    r2 = subset_r2(swiss()[None], [(at,) for at in range(5)])[:, 0]

    def adds(driver, size):
        sets = [s for s in range(32) if not s >> driver & 1 and s.bit_count() == size]
        return np.mean([r2[s | 1 << driver] - r2[s] for s in sets])

    education = [0.44061565, 0.29091707, 0.22101048, 0.18616751, 0.16196269]
    agriculture = [0.12466491, 0.05027233, 0.03244547, 0.03520379, 0.04286961]
    assert [adds(2, size) for size in range(5)] == pytest.approx(education, abs=1e-8)
    assert [adds(0, size) for size in range(5)] == pytest.approx(agriculture, abs=1e-8)


def test_mtcars_where_the_two_methods_disagree():
    four = correlations(CARS, CARS_NAMES, "mpg", ("cyl", "disp", "hp", "gear"))
    assert lmg(four) == pytest.approx([0.247052033, 0.243499595, 0.210912900, 0.077725111], abs=1e-8)
    assert relative_weights(four) == pytest.approx([0.228479726, 0.222146871, 0.232174439, 0.096388603], abs=1e-8)
    assert lmg(four).sum() == pytest.approx(0.779189639, abs=1e-8)
    three = lmg(correlations(CARS, CARS_NAMES, "mpg", ("am", "cyl", "carb")))
    assert three == pytest.approx([0.2156847599, 0.4173093813, 0.1783081227], abs=1e-8)
    assert three.sum() == pytest.approx(0.8113022639, abs=1e-8)


def test_the_whole_way_from_a_table():
    frame = frame_of({name: SWISS[:, at] for at, name in enumerate(SWISS_NAMES)})
    question = Question("Fertility", PREDICTORS, resamples=200)
    found = explain(sample_of(frame, question), question)
    assert [driver.importance for driver in found.drivers] == pytest.approx(LMG, abs=1e-8)
    assert [driver.alone for driver in found.drivers] == pytest.approx(FIRST, abs=1e-8)
    assert [driver.on_top for driver in found.drivers] == pytest.approx(LAST, abs=1e-8)
    assert found.r2 == pytest.approx(0.7067350016, abs=1e-8)
    assert all(driver.low < driver.importance < driver.high for driver in found.drivers)


def answers():
    """Every combination of low, middling and high answers to three questions, and what follows from them."""
    x = np.array(list(itertools.product((1, 2, 3), repeat=3)), dtype=float)
    low, high = x == 1, x == 3
    y = 3.2 + low @ [-1.0, -0.5, -0.1] + high @ [0.1, 0.5, 0.8]
    return x, y, low, high


def test_penalty_and_reward():
    _x, y, low, high = answers()
    a, b, c = penalty_reward(y, low, high)
    assert [d.penalty.value for d in (a, b, c)] == pytest.approx([1, 0.5, 0.1], abs=1e-8)
    assert [d.reward.value for d in (a, b, c)] == pytest.approx([0.1, 0.5, 0.8], abs=1e-8)
    assert [d.balance for d in (a, b, c)] == pytest.approx([-0.9 / 1.1, 0, 0.7 / 0.9], abs=1e-8)
    assert [d.reach for d in (a, b, c)] == pytest.approx([1.1, 1.0, 0.9], abs=1e-8)
    assert [d.factor for d in (a, b, c)] == ["basic", "performance", "excitement"]


def test_penalty_and_reward_the_whole_way():
    x, y, _low, _high = answers()
    question = Question("y", ("A", "B", "C"), resamples=100)
    frame = frame_of({"y": y, **{name: x[:, at] for at, name in enumerate("ABC")}})
    found = explain(sample_of(frame, question), question)
    assert [driver.asymmetry.factor for driver in found.drivers] == ["basic", "performance", "excitement"]
