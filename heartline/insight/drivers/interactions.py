"""Which two drivers work together: where one is good, the other matters more, or less.

Each product of two drivers is tried on top of all drivers alone, by a score test that allows for unequal spread, and Holm's
correction for having tried them all.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
AT_ONCE = 8192
MOST_DRIVERS = 20


@dataclass(frozen=True)
class Interaction:
    """Two drivers: what their product adds to R², its sign, and its probability by chance after correction."""

    first: int
    second: int
    adds: float
    slope: float
    chance: float


def interactions(columns: Matrix, target: Matrix, weights: Matrix) -> list[Interaction]:
    """Return every pair of drivers, surest first. Columns and target are standardised and have no gaps."""
    pairs = list(combinations(range(columns.shape[1]), 2))
    if not pairs or columns.shape[1] > MOST_DRIVERS:
        return []
    first, second = np.array(pairs).T
    inverse, left_over = _alone(columns, target, weights)
    heavy, noisy = weights * left_over, (weights * left_over) ** 2
    width = columns.shape[1] + 1
    along, squares, loud = np.zeros((3, len(pairs)))
    with_base, loud_with_base, loud_base = *np.zeros((2, width, len(pairs))), np.zeros((width, width))
    for start in range(0, len(target), AT_ONCE):
        part = slice(start, start + AT_ONCE)
        products, rows = columns[part][:, first] * columns[part][:, second], _with_ones(columns[part])
        along += heavy[part] @ products
        with_base += (rows * weights[part, None]).T @ products
        loud_with_base += (rows * noisy[part, None]).T @ products
        loud_base += (rows * noisy[part, None]).T @ rows
        products *= products
        squares += weights[part] @ products
        loud += noisy[part] @ products
    # each product less what the drivers alone say of it, written out in sums of products
    slopes = inverse @ with_base
    across = squares - (slopes * with_base).sum(axis=0)
    noise = loud - 2 * (slopes * loud_with_base).sum(axis=0) + (slopes * (loud_base @ slopes)).sum(axis=0)
    mean = np.average(target, weights=weights)
    return _judged(pairs, along, across, noise, float(weights @ (target - mean) ** 2))


def _with_ones(columns: Matrix) -> Matrix:
    return np.hstack((np.ones((len(columns), 1)), columns))


def _alone(columns: Matrix, target: Matrix, weights: Matrix) -> tuple[Matrix, Matrix]:
    """What the drivers alone leave over, and the inverse of their sums of products."""
    width = columns.shape[1] + 1
    square, towards = np.zeros((width, width)), np.zeros(width)
    parts = [slice(start, start + AT_ONCE) for start in range(0, len(target), AT_ONCE)]
    for part in parts:
        rows = _with_ones(columns[part])
        heavy = rows * weights[part, None]
        square += heavy.T @ rows
        towards += heavy.T @ target[part]
    inverse = np.linalg.pinv(square, hermitian=True)
    slopes = inverse @ towards
    return inverse, target - columns @ slopes[1:] - slopes[0]


def _judged(
    pairs: list[tuple[int, int]], along: Matrix, across: Matrix, noise: Matrix, total: float
) -> list[Interaction]:
    sure = (noise > 1e-18) & (across > 1e-9 * max(total, 1e-9))
    scores = np.where(sure, np.abs(along) / np.sqrt(np.where(sure, noise, 1)), 0)
    order = np.argsort(-scores, kind="stable")
    chance, found = 0.0, []
    for place, at in enumerate(order.tolist()):
        alone = 2 * NormalDist().cdf(-float(scores[at]))
        chance = max(chance, min(1.0, alone * (len(pairs) - place)))
        slope = float(along[at] / across[at]) if sure[at] else 0.0
        first, second = pairs[at]
        adds = float(slope * along[at] / total) if total else 0.0
        found.append(Interaction(first, second, adds, slope, chance))
    return found
