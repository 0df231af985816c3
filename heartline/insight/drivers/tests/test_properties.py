"""What must hold whatever the answers are."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heartline.insight.drivers import lmg, relative_weights, subset_r2
from heartline.insight.drivers.kano import balance_of, penalty_reward
from heartline.insight.drivers.moments import moments_of, moments_of_pairs
from heartline.insight.drivers.ranks import standing

pytestmark = pytest.mark.once


def made(seed, drivers=4, n=60):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, drivers)) @ rng.normal(size=(drivers, drivers))
    return x, x @ rng.normal(size=drivers) + 2 * rng.normal(size=n)


def correlated(x, y):
    return np.corrcoef(np.column_stack((x, y)), rowvar=False)


def r2_of(x, y):
    design = np.column_stack((np.ones(len(y)), x))
    left = y - design @ np.linalg.lstsq(design, y, rcond=None)[0]
    return 1 - left @ left / ((y - y.mean()) @ (y - y.mean()))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 6))
def test_shares_sum_to_r2_and_are_not_negative(seed, drivers):
    x, y = made(seed, drivers)
    for method in (lmg, relative_weights):
        found = method(correlated(x, y))
        assert found.sum() == pytest.approx(r2_of(x, y), abs=1e-9)
        assert (found > -1e-12).all()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6), st.permutations(range(4)))
def test_neither_order_nor_scale_matters(seed, order):
    x, y = made(seed)
    moved = x[:, order] * [2, -3, 0.1, 1e4] + [0, 5, -7, 1e3]
    assert lmg(correlated(moved, 9 - y)) == pytest.approx(lmg(correlated(x, y))[list(order)], abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_a_driver_asked_twice_shares_with_itself(seed):
    x, y = made(seed, 3)
    once, twice = lmg(correlated(x, y)), lmg(correlated(np.column_stack((x, x[:, 0])), y))
    assert twice[0] == pytest.approx(twice[3], abs=1e-9)
    assert twice.sum() == pytest.approx(once.sum(), abs=1e-9)
    assert relative_weights(correlated(np.column_stack((x, x[:, 0])), y)).sum() == pytest.approx(once.sum(), abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_every_subset_is_the_regression_it_stands_for(seed):
    x, y = made(seed, 3)
    found = subset_r2(correlated(x, y)[None], [(0,), (1,), (2,)])[:, 0]
    for subset in range(1, 8):
        chosen = [at for at in range(3) if subset >> at & 1]
        assert found[subset] == pytest.approx(r2_of(x[:, chosen], y), abs=1e-9)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_columns_of_one_driver_count_as_one(seed):
    """Three drivers, the first of two columns: Shapley of three players, worked out from the subsets."""
    x, y = made(seed, 4)
    found = lmg(correlated(x, y), [(0, 1), (2,), (3,)])
    r2 = subset_r2(correlated(x, y)[None], [(0, 1), (2,), (3,)])[:, 0]
    by_hand = (2 * r2[1] + (r2[3] - r2[2]) + (r2[5] - r2[4]) + 2 * (r2[7] - r2[6])) / 6
    assert found[0] == pytest.approx(by_hand, abs=1e-9)
    assert found.sum() == pytest.approx(r2_of(x, y), abs=1e-9)


def test_drivers_that_have_nothing_to_do_with_each_other_have_their_squared_correlations():
    matrix = np.eye(4)
    matrix[3, :3] = matrix[:3, 3] = [0.5, 0.3, 0.1]
    for method in (lmg, relative_weights):
        assert method(matrix) == pytest.approx([0.25, 0.09, 0.01], abs=1e-12)


def test_weights_count_as_so_many_rows():
    x, y = made(3, n=30)
    times = np.random.default_rng(1).integers(1, 4, 30)
    rng = np.random.default_rng(2)
    weighted = moments_of(np.column_stack((x, y)), times.astype(float), rng).correlations()
    assert weighted == pytest.approx(correlated(np.repeat(x, times, axis=0), np.repeat(y, times)), abs=1e-9)


def test_pairs_without_gaps_are_the_plain_correlations():
    x, y = made(4)
    columns = np.column_stack((x, y))
    found = moments_of_pairs(columns, np.ones(len(y)), np.random.default_rng(1)).correlations()
    assert found == pytest.approx(correlated(x, y), abs=1e-9)


def test_pairs_that_contradict_each_other_become_a_possible_matrix():
    """Each pair answered by other people, so that A goes with B, B with C, and A against C."""
    rng = np.random.default_rng(6)
    columns = np.full((300, 3), np.nan)
    for at, (i, j, sign) in enumerate([(0, 1, 1), (1, 2, 1), (0, 2, -1)]):
        rows = slice(at * 100, at * 100 + 100)
        columns[rows, i] = rng.normal(size=100)
        columns[rows, j] = sign * columns[rows, i] + 0.1 * rng.normal(size=100)
    found = moments_of_pairs(columns, np.ones(300), rng).correlations()
    assert np.linalg.eigvalsh(found).min() > -1e-9
    assert 0 <= lmg(found).sum() <= 1


def test_blocks_of_many_rows_give_the_same_correlations_and_nearly_the_same_intervals():
    rng = np.random.default_rng(5)
    x = rng.normal(size=(20_003, 3))
    y = x @ [0.5, 0.3, 0.0] + rng.normal(size=len(x))
    moments = moments_of(np.column_stack((x, y)), np.ones(len(y)), rng)
    assert moments.correlations() == pytest.approx(correlated(x, y), abs=1e-9)
    spread = moments.resampled(400, rng)[:, 0, 3].std()
    r = correlated(x, y)[0, 3]
    assert spread == pytest.approx((1 - r * r) / len(y) ** 0.5, rel=0.25)


def test_ranks_are_claimed_only_when_sure():
    rng = np.random.default_rng(7)
    found = np.array([0.30, 0.29, 0.10, 0.0])
    stands = standing(found, found + rng.normal(size=(500, 4)) * 0.01)
    assert stands.best_rank.tolist() == [1, 1, 3, 4]
    assert stands.worst_rank.tolist() == [2, 2, 3, 4]
    assert stands.together == ((0, 1),)


def test_intervals_hold_what_they_promise():
    """Of 60 samples from a world that is known, the interval misses the truth about one time in twenty."""
    truth = np.array([0.5, 0.3, 0.1])
    variance = truth @ truth + 1
    hits = 0
    for seed in range(60):
        rng = np.random.default_rng(seed)
        x = rng.normal(size=(400, 3))
        y = x @ truth + rng.normal(size=400)
        moments = moments_of(np.column_stack((x, y)), np.ones(400), rng)
        low, high = np.quantile(lmg(moments.resampled(200, rng)), [0.025, 0.975], axis=0)
        hits += ((low <= truth**2 / variance) & (truth**2 / variance <= high))[:2].sum()
    assert hits >= 0.9 * 120


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_the_balance_lies_between_minus_one_and_one(penalty, reward):
    balance = balance_of(penalty, reward)
    assert balance is None or -1 <= balance <= 1


def test_errors_of_penalty_and_reward_are_those_of_the_known_formula():
    rng = np.random.default_rng(8)
    group = rng.integers(0, 3, 3000)
    y = np.select([group == 0, group == 2], [-1.0, 0.2], 0) + rng.normal(size=3000) * (1 + group)
    (found,) = penalty_reward(y, (group == 0)[:, None], (group == 2)[:, None])
    n = [(group == g).sum() for g in range(3)]
    spread = [y[group == g].var() for g in range(3)]
    half = 1.96 * (spread[0] / n[0] + spread[1] / n[1]) ** 0.5
    assert found.penalty.high - found.penalty.value == pytest.approx(half, rel=1e-2)
    assert found.factor == "basic"
