"""LMG, also known as Shapley value or general dominance: what a driver adds to R², averaged over all orders of entering.

Lindeman, Merenda and Gold 1980; Grömping, Journal of Statistical Software 17 (2006). Exact: all subsets are looked at,
for many correlation matrices at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
# Less of its own than this (1 − R² on those before it), and a driver adds nothing: it repeats them.
NOTHING_NEW = 1e-9
# Numbers held at once while subsets are worked out.
ROOM = 1_000_000


def lmg(correlations: Matrix, groups: Sequence[Sequence[int]] | None = None) -> Matrix:
    """Return each driver's part of R² for each matrix of a stack (b, k+1, k+1), whose last row is the target: (b, drivers)."""
    stack = correlations if correlations.ndim == 3 else correlations[None]
    chosen = groups or [(column,) for column in range(stack.shape[1] - 1)]
    at_once = max(1, ROOM >> (len(chosen) + 2))
    weights = _weights(len(chosen))
    parts = [(weights @ subset_r2(stack[start : start + at_once], chosen)).T for start in range(0, len(stack), at_once)]
    found = np.concatenate(parts)
    return found if correlations.ndim == 3 else found[0]


def subset_r2(stack: Matrix, groups: Sequence[Sequence[int]]) -> Matrix:
    """Return R² of every subset of the drivers, bit i of its number saying whether driver i is in it: (2^drivers, b).

    Driver by driver the matrix is parted in two: left out, or swept out of all that follow it. What is left at the end is
    what the subset does not explain.
    """
    order = [column for group in groups for column in group] + [stack.shape[1] - 1]
    # the matrices' own axes come first and the long ones last: so each step runs along memory
    state = np.ascontiguousarray(stack[:, order][:, :, order].transpose(1, 2, 0))[:, :, None]
    for group in groups:
        size = len(group)
        within = state
        for _column in range(size):
            within = _swept(within)
        state = np.concatenate((state[size:, size:], within), axis=2)
    return np.asarray(np.clip(1 - state[0, 0], 0, 1))


def _swept(state: Matrix) -> Matrix:
    """Return what is left of the others' covariances when the first is held fixed."""
    pivot, row = state[0, 0], state[0, 1:]
    inverse = np.where(pivot > NOTHING_NEW, 1 / np.where(pivot > NOTHING_NEW, pivot, 1), 0)
    left = (row * inverse)[:, None] * row[None]
    return np.asarray(np.subtract(state[1:, 1:], left, out=left))


def _weights(drivers: int) -> Matrix:
    """How each subset's R² counts for each driver: + where the driver is in it, − where it could still come."""
    numbers = np.arange(1 << drivers)
    sizes = np.array([int(number).bit_count() for number in numbers])
    share = np.array([factorial(s) * factorial(drivers - s - 1) / factorial(drivers) for s in range(drivers)] + [0.0])
    has = ((numbers >> np.arange(drivers)[:, None]) & 1).astype(bool)
    return np.asarray(np.where(has, share[sizes - 1], -share[sizes]))
