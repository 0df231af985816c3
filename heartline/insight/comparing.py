"""Is one period better than another, or is it chance? Said only with a test that fits the figure. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from heartline.insight.measures import COUNTS, Figure
from heartline.insight.statistics import student_quantile, wilson

# none: nothing to compare; few: too few for any test; same: not distinguishable from chance; untested: plainly another
# number, of a kind that no test fits.
Change = Literal["none", "few", "same", "more", "less", "untested"]
FEW = 10


@dataclass(frozen=True)
class Compared:
    """A figure beside the same figure of another period. `low` and `high` are the 95 % interval of the difference."""

    before: Figure
    difference: float | None
    change: Change
    low: float | None = None
    high: float | None = None
    is_better: bool | None = None


def compare(now: Figure, before: Figure) -> Compared:
    """Return how a figure stands against the one before."""
    if now.value is None or before.value is None:
        return Compared(before, None, "none")
    difference = now.value - before.value
    if now.metric.unit in COUNTS or now.metric.unit == "time_share":
        return Compared(before, difference, "untested" if difference else "same")
    if min(now.n, before.n) < FEW:
        return Compared(before, difference, "few")
    low, high = _of_shares(now, before) if now.metric.unit == "share" else _of_means(now, before)
    change: Change = "more" if low > 0 else "less" if high < 0 else "same"
    better = None if change == "same" or not now.metric.better else change == now.metric.better
    return Compared(before, difference, change, low, high, better)


def _of_shares(now: Figure, before: Figure) -> tuple[float, float]:
    """Newcombe's interval of a difference of shares, from two score intervals (Statistics in Medicine 17, 1998, method 10)."""
    p, q = now.hits / now.n, before.hits / before.n
    (l1, u1), (l2, u2) = wilson(now.hits, now.n), wilson(before.hits, before.n)
    low = p - q - math.hypot(p - l1, u2 - q)
    return low, p - q + math.hypot(u1 - p, q - l2)


def _of_means(now: Figure, before: Figure) -> tuple[float, float]:
    """Welch's interval of a difference of means: the two periods need not vary alike."""
    difference = (now.value or 0) - (before.value or 0)
    a, b = (now.spread or 0) ** 2 / now.n, (before.spread or 0) ** 2 / before.n
    if a + b == 0:
        return difference, difference
    freedom = (a + b) ** 2 / (a**2 / (now.n - 1) + b**2 / (before.n - 1))
    half = student_quantile(0.975, max(1, math.floor(freedom))) * math.sqrt(a + b)
    return difference - half, difference + half
