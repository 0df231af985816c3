"""How far two evaluators agree beyond chance: Cohen's kappa, weighted for scales, with its interval.

Cohen, Educational and Psychological Measurement 20 (1960) 37–46; weighted: Psychological Bulletin 70 (1968) 213–220;
standard error: Fleiss, Cohen and Everitt, Psychological Bulletin 72 (1969) 323–327.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist

FEWEST_PAIRS = 20
Weights = Callable[[int, int, int], float]


@dataclass(frozen=True)
class Kappa:
    """Agreement beyond chance. `value` is None where chance alone would always agree: everybody said the same."""

    n: int
    agreed: int
    value: float | None
    low: float | None
    high: float | None

    @property
    def too_few(self) -> bool:
        """Whether there are so few pairs that the value would say more than is known."""
        return self.n < FEWEST_PAIRS


def identity(i: int, j: int, categories: int) -> float:
    """Weigh answers without an order: the same, or not."""
    return 1.0 if i == j else 0.0


def linear(i: int, j: int, categories: int) -> float:
    """Weigh answers on a scale by their distance."""
    return 1 - abs(i - j) / (categories - 1) if categories > 1 else 1.0


def quadratic(i: int, j: int, categories: int) -> float:
    """Weigh answers on a scale by the square of their distance: far apart counts much more than next to each other."""
    return 1 - (i - j) ** 2 / (categories - 1) ** 2 if categories > 1 else 1.0


def kappa_of_pairs(
    pairs: Iterable[tuple[Hashable, Hashable]], categories: Sequence[Hashable], weigh: Weights = identity
) -> Kappa:
    """Return the kappa of pairs of answers, each one of the categories, which are in order where weights need one."""
    place = {category: number for number, category in enumerate(categories)}
    table = [[0] * len(categories) for _category in categories]
    for one, other in pairs:
        table[place[one]][place[other]] += 1
    return kappa(table, weigh)


def kappa(table: Sequence[Sequence[int]], weigh: Weights = identity, confidence: float = 0.95) -> Kappa:
    """Return Cohen's kappa of a square table of counts, with its large-sample interval."""
    n, size = sum(map(sum, table)), len(table)
    agreed = sum(table[i][i] for i in range(size))
    if n == 0:
        return Kappa(0, 0, None, None, None)
    shares = [[cell / n for cell in row] for row in table]
    rows = [sum(row) for row in shares]
    columns = [sum(row[j] for row in shares) for j in range(size)]
    cells = [(i, j, weigh(i, j, size)) for i in range(size) for j in range(size)]
    observed = sum(weight * shares[i][j] for i, j, weight in cells)
    expected = sum(weight * rows[i] * columns[j] for i, j, weight in cells)
    if math.isclose(expected, 1):
        return Kappa(n, agreed, None, None, None)
    value = (observed - expected) / (1 - expected)
    by_row = [sum(columns[j] * weight for a, j, weight in cells if a == i) for i in range(size)]
    by_column = [sum(rows[i] * weight for i, b, weight in cells if b == j) for j in range(size)]
    spread = sum(shares[i][j] * (weight - (by_row[i] + by_column[j]) * (1 - value)) ** 2 for i, j, weight in cells)
    variance = (spread - (value - expected * (1 - value)) ** 2) / (n * (1 - expected) ** 2)
    half = NormalDist().inv_cdf((1 + confidence) / 2) * math.sqrt(max(0.0, variance))
    return Kappa(n, agreed, value, max(-1.0, value - half), min(1.0, value + half))
