"""Penalty and reward: what a bad experience costs and what a very good one earns, against an ordinary one.

The outcome is explained by two marks for each driver, low and high; the middle is the base. Basic factors only punish,
excitement factors only reward. Mikulić and Prebežac, Managing Service Quality 21 (2011), give the measures; no cut-offs for
low and high are agreed upon, so they are kept with the result.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Marks = NDArray[np.bool_]
Factor = Literal["basic", "performance", "excitement", "none", "few"]
SURE = 1.959963984540054
BALANCED = 0.2
MOST_POINTS = 11
# Fewer answers than this at one end tell nothing about that end.
FEW = 5
AT_ONCE = 50_000
# A row cannot pull the line wholly to itself and still say how far it lies off.
MOST_PULL = 0.99


@dataclass(frozen=True)
class Cut:
    """Up to where an answer is low, and from where on it is high."""

    low: float
    high: float


@dataclass(frozen=True)
class Effect:
    """Points of the outcome, with their 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Asymmetry:
    """Penalty and reward of one driver; `balance` is IA from −1 to +1."""

    factor: Factor
    penalty: Effect | None
    reward: Effect | None
    balance: float | None
    reach: float | None  # RIOCS: penalty and reward together
    n_low: int
    n_high: int


def cuts_of(columns: Matrix, low: float | None = None, high: float | None = None) -> list[Cut | None]:
    """Return where low ends and high begins for each driver, None where there are not three different answers.

    Answers on one short scale are cut at the same places: the lowest two fifths of its points, and the highest point, or two
    from seven points on. Other answers are cut at their quarters.
    """
    points = [np.unique(column[np.isfinite(column)]) for column in columns.T]
    cuts: list[Cut | None] = []
    for column, own in zip(columns.T, points, strict=True):
        cut = _cut(column, scale_of(own, points))
        if cut and (low is not None or high is not None):
            cut = Cut(cut.low if low is None else low, cut.high if high is None else high)
        cuts.append(cut if len(own) > 2 and cut and cut.low < cut.high else None)
    return cuts


def scale_of(own: Matrix, points: Sequence[Matrix]) -> Matrix:
    """Return the points of the scale that a driver is answered on: its own, and those of drivers that seem to share it."""
    shared = np.unique(np.concatenate([own, *(other for other in points if is_one_scale(own, other))]))
    return shared if len(shared) <= MOST_POINTS else own


def is_one_scale(first: Matrix, second: Matrix) -> bool:
    """Return whether two sets of answers end nearly alike at the top, which is used on any scale; the bottom often is not."""
    if not len(first) or not len(second):
        return False
    span = max(first[-1], second[-1]) - min(first[0], second[0])
    return bool(abs(first[-1] - second[-1]) <= 0.26 * span)


def _cut(column: Matrix, points: Matrix) -> Cut | None:
    if len(points) < 3:
        return None
    if len(points) <= MOST_POINTS:
        return Cut(float(points[max(1, int(0.4 * len(points))) - 1]), float(points[-2 if len(points) >= 7 else -1]))
    quarters = np.quantile(column[np.isfinite(column)], [0.25, 0.75])
    return Cut(float(quarters[0]), float(quarters[1]))


def penalty_reward(target: Matrix, low: Marks, high: Marks, weights: Matrix | None = None) -> list[Asymmetry]:
    """Return penalty and reward of each driver (columns of `low` and `high`), with errors that allow for unequal spread."""
    counts = low.sum(axis=0), high.sum(axis=0)
    slopes, covariance = _regressed(target, low, high, np.ones(len(target)) if weights is None else weights)
    drivers = low.shape[1]
    found = []
    for at in range(drivers):
        down, up = 1 + at, 1 + drivers + at
        errors = covariance[down, down], covariance[up, up], covariance[down, up]
        found.append(_asymmetry(-slopes[down], slopes[up], errors, (int(counts[0][at]), int(counts[1][at]))))
    return found


def _regressed(target: Matrix, low: Marks, high: Marks, weights: Matrix) -> tuple[Matrix, Matrix]:
    """Least squares with errors that allow for unequal spread and for few answers at an end (HC3), a part of the rows at a time.

    MacKinnon and White, Journal of Econometrics 29 (1985); Long and Ervin, The American Statistician 54 (2000).
    """
    width = 1 + 2 * low.shape[1]
    square, towards = np.zeros((width, width)), np.zeros(width)
    parts = [slice(start, start + AT_ONCE) for start in range(0, len(target), AT_ONCE)]
    for part in parts:
        rows = _rows(low[part], high[part])
        heavy = rows * weights[part, None]
        square += heavy.T @ rows
        towards += heavy.T @ target[part]
    inverse = np.linalg.pinv(square, hermitian=True)
    slopes = inverse @ towards
    meat = np.zeros((width, width))
    for part in parts:
        rows = _rows(low[part], high[part])
        pull = np.clip(np.einsum("ij,jk,ik->i", rows, inverse, rows, optimize=True) * weights[part], 0, MOST_PULL)
        off = rows * (weights[part] * (target[part] - rows @ slopes) / (1 - pull))[:, None]
        meat += off.T @ off
    return slopes, inverse @ meat @ inverse


def _rows(low: Marks, high: Marks) -> Matrix:
    return np.hstack((np.ones((len(low), 1)), low, high)).astype(np.float64)


def _asymmetry(penalty: float, reward: float, errors: tuple[float, float, float], counts: tuple[int, int]) -> Asymmetry:
    few_low, few_high = (count < FEW for count in counts)
    down, up = (SURE * max(0.0, error) ** 0.5 for error in errors[:2])
    # variance of reward − penalty, where penalty is the negative of its slope
    apart = SURE * max(0.0, errors[0] + errors[1] + 2 * errors[2]) ** 0.5
    balance = balance_of(penalty, reward)
    is_few = few_low or few_high
    return Asymmetry(
        factor="few" if is_few else _factor(penalty, reward, (down, up, apart), balance),
        penalty=None if few_low else Effect(float(penalty), float(penalty - down), float(penalty + down)),
        reward=None if few_high else Effect(float(reward), float(reward - up), float(reward + up)),
        balance=None if is_few else balance,
        reach=None if is_few else float(penalty + reward),
        n_low=counts[0],
        n_high=counts[1],
    )


def balance_of(penalty: float, reward: float) -> float | None:
    """Return IA: −1 only punishes, 0 both alike, +1 only rewards. What points the wrong way counts as nothing."""
    down, up = max(0.0, penalty), max(0.0, reward)
    return float((up - down) / (up + down)) if up + down > 0 else None


def _factor(penalty: float, reward: float, halves: tuple[float, float, float], balance: float | None) -> Factor:
    down, up, apart = halves
    if balance is None or (penalty <= down and reward <= up):
        return "none"
    if abs(balance) <= BALANCED or abs(reward - penalty) <= apart:
        return "performance"
    return "basic" if balance < 0 else "excitement"


def marks(columns: Matrix, cuts: Sequence[Cut | None]) -> tuple[Marks, Marks]:
    """Return which answers are low and which are high; what is missing or has no cut is neither."""
    low = np.stack(
        [c <= k.low if k else np.zeros(len(c), np.bool_) for c, k in zip(columns.T, cuts, strict=True)], axis=1
    )
    high = np.stack(
        [c >= k.high if k else np.zeros(len(c), np.bool_) for c, k in zip(columns.T, cuts, strict=True)], axis=1
    )
    return low, high
