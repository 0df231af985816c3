"""Which driver comes before which, and of which nobody can tell.

Intervals of differences hold for all pairs at once (the largest of all studentised deviations decides), so that ranks are
claimed no oftener wrongly than one time in twenty: Mogstad, Romano, Shaikh and Wilhelm, Review of Economic Studies 91 (2024).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Standing:
    """Where drivers stand: intervals of what they explain, the ranks they may have, and sets within which no order is sure."""

    low: Matrix
    high: Matrix
    best_rank: NDArray[np.int64]
    worst_rank: NDArray[np.int64]
    together: tuple[tuple[int, ...], ...]


def standing(found: Matrix, drawn: Matrix, confidence: float = 0.95) -> Standing:
    """Return where drivers stand, from what each explains and the same in samples drawn anew (samples, drivers)."""
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail], axis=0)
    above = surely_above(found, drawn, confidence)
    order = [int(place) for place in np.argsort(-found, kind="stable")]
    return Standing(low, high, 1 + above.sum(axis=0), len(found) - above.sum(axis=1), _together(order, above))


def surely_above(found: Matrix, drawn: Matrix, confidence: float = 0.95) -> NDArray[np.bool_]:
    """Return for each pair whether the first surely explains more than the second."""
    apart = found[:, None] - found[None, :]
    again = drawn[:, :, None] - drawn[:, None, :]
    error = again.std(axis=0, ddof=1)
    known = error > 1e-12
    scaled = np.abs(again - apart) / np.where(known, error, 1) * known
    limit = np.quantile(scaled.reshape(len(drawn), -1).max(axis=1), confidence)
    return np.asarray(known & (apart > limit * error))


def _together(order: list[int], above: NDArray[np.bool_]) -> tuple[tuple[int, ...], ...]:
    """Return the longest runs in order of size within which no two can be told apart."""
    runs: list[tuple[int, ...]] = []
    end_before = 0
    for start in range(len(order)):
        end = start + 1
        while end < len(order) and not any(above[order[at], order[end]] for at in range(start, end)):
            end += 1
        if end > end_before:
            runs.append(tuple(order[start:end]))
            end_before = end
    return tuple(run for run in runs if len(run) > 1)
