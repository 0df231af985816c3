"""Honest statistics of small samples: intervals of shares and means, percentiles. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import NormalDist, fmean, median, stdev

__all__ = ["fmean", "mean_interval", "mean_interval_of", "median", "percentile", "student_quantile", "wilson"]


def wilson(hits: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """Return the score interval of a share (Wilson 1927), right even for few answers and shares near 0 or 1.

    The plain ±1.96·√(p(1−p)/n) promises more than it keeps there: Newcombe, Statistics in Medicine 17 (1998) 857–872.
    """
    if not 0 <= hits <= n or n == 0:
        raise ValueError(f"a share needs 0 ≤ hits ≤ n and n > 0, not {hits} of {n}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share, spread = hits / n, z * z / n
    centre = (share + spread / 2) / (1 + spread)
    half = z / (1 + spread) * math.sqrt(share * (1 - share) / n + spread / (4 * n))
    return (0.0 if hits == 0 else max(0.0, centre - half)), (1.0 if hits == n else min(1.0, centre + half))


def mean_interval(values: Sequence[float], confidence: float = 0.95) -> tuple[float, float] | None:
    """Return Student's interval of a mean, or None when one value, or none, cannot tell how much values differ."""
    return mean_interval_of(fmean(values), stdev(values), len(values), confidence) if len(values) > 1 else None


def mean_interval_of(mean: float, spread: float | None, n: int, confidence: float = 0.95) -> tuple[float, float] | None:
    """Return Student's interval of a mean from the standard deviation of n values."""
    if n < 2 or spread is None:
        return None
    half = student_quantile((1 + confidence) / 2, n - 1) * spread / math.sqrt(n)
    return mean - half, mean + half


def percentile(values: Sequence[float], share: float) -> float:
    """Return the smallest value that at least a share of all values do not exceed: a wait somebody really had."""
    if not values:
        raise ValueError("there is no percentile of nothing")
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


# From here on Fisher's expansion agrees with the series to more places than anybody reads, and takes no time.
MANY = 200


@lru_cache(maxsize=4096)
def student_quantile(probability: float, freedom: int) -> float:
    """Return the quantile of Student's t by bisection; of much freedom by expansion. `probability` lies above one half."""
    if freedom > MANY:
        return _far_student_quantile(NormalDist().inv_cdf(probability), freedom)
    low, high = 0.0, 1.0
    while student_cdf(high, freedom) < probability:
        high *= 2
    for _ in range(80):
        middle = (low + high) / 2
        if student_cdf(middle, freedom) < probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _far_student_quantile(x: float, freedom: int) -> float:
    """Abramowitz and Stegun 26.7.5: what the normal quantile x lacks, in powers of 1/freedom."""
    terms = (
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return x + sum(term / float(freedom) ** power for power, term in enumerate(terms, 1))


def student_cdf(t: float, freedom: int) -> float:
    """Return the share of Student's t below `t` ≥ 0, by its finite series (Abramowitz and Stegun 26.7.3, 26.7.4)."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine_squared = math.cos(angle) ** 2
    odd = freedom % 2
    term = math.cos(angle) if odd else 1.0
    total = 0.0
    for k in range(1 if odd else 0, freedom - 1, 2):
        total += term
        term *= (k + 1) / (k + 2) * cosine_squared
    area = 2 / math.pi * (angle + math.sin(angle) * total) if odd else math.sin(angle) * total
    return (1 + area) / 2
