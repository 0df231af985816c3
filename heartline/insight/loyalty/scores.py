"""Shares of promoters, of the satisfied and of those who found it easy, with intervals that keep what they promise. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95
FEWEST = 30  # below this many answers an NPS says nothing: ±30 points and more
PROMOTERS_FROM, PASSIVES_FROM = 9, 7
SATISFIED_FROM, EASY_FROM = 4, 5
_ADDED = 3.0  # adjusted Wald: three answers more, three quarters of one at each end (Rocks 2016)
_AT_EACH_END = 0.25


def group_of(score: float) -> str:
    """Return the loyalty group of a score from 0 to 10."""
    if score >= PROMOTERS_FROM:
        return "promoter"
    return "passive" if score >= PASSIVES_FROM else "detractor"


@dataclass(frozen=True)
class Groups:
    """How many promoters, passives and detractors."""

    promoters: int
    passives: int
    detractors: int

    @property
    def n(self) -> int:
        """Return how many answered."""
        return self.promoters + self.passives + self.detractors

    @property
    def score(self) -> float:
        """Return the Net Promoter Score, −100 to 100."""
        return 100 * (self.promoters - self.detractors) / self.n

    def adjusted(self, added: float = _ADDED) -> tuple[float, float, float]:
        """Return score, variance and number of the adjusted Wald method, in shares of one; `added` 0 is plain Wald."""
        n = self.n + added
        promoters, detractors = ((one + added * _AT_EACH_END) / n for one in (self.promoters, self.detractors))
        score = promoters - detractors
        return score, promoters + detractors - score**2, n

    def interval(self, *, added: float = _ADDED, confidence: float = CONFIDENCE) -> tuple[float, float]:
        """Return what the score of everybody lies between, −100 to 100."""
        score, variance, n = self.adjusted(added)
        half = _z(confidence) * math.sqrt(variance / n)
        return max(-100.0, 100 * (score - half)), min(100.0, 100 * (score + half))

    def __sub__(self, other: Groups) -> Groups:
        return Groups(
            self.promoters - other.promoters, self.passives - other.passives, self.detractors - other.detractors
        )


def groups_of(scores: Iterable[float]) -> Groups:
    """Return how many of some scores are in each group."""
    counts = {"promoter": 0, "passive": 0, "detractor": 0}
    for score in scores:
        counts[group_of(score)] += 1
    return Groups(counts["promoter"], counts["passive"], counts["detractor"])


@dataclass(frozen=True)
class Gap:
    """The difference of two scores, its z and the chance of one as large where there is none."""

    difference: float
    z: float
    p: float


def gap(one: Groups, other: Groups, *, added: float = _ADDED) -> Gap:
    """Return how far two groups of customers are apart and whether chance would do."""
    (a, va, na), (b, vb, nb) = one.adjusted(added), other.adjusted(added)
    error = math.sqrt(va / na + vb / nb)
    z = (a - b) / error if error else 0.0
    return Gap(100 * (a - b), z, 2 * (1 - NormalDist().cdf(abs(z))))


def needed(half: float, variance: float = 1.0, population: int | None = None) -> int:
    """Return how many answers an interval of ± `half` (a share of one) needs; of so many customers, when that is said."""
    n = math.ceil(variance * (_z(CONFIDENCE) / half) ** 2)
    return n if population is None else math.ceil(n / (1 + (n - 1) / population))


def holm(chances: list[float]) -> list[float]:
    """Return chances corrected for having looked so often (Holm 1979)."""
    order = sorted(range(len(chances)), key=chances.__getitem__)
    corrected, highest = [0.0] * len(chances), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, chances[i] * (len(chances) - rank)))
        corrected[i] = highest
    return corrected


def _z(confidence: float) -> float:
    return NormalDist().inv_cdf((1 + confidence) / 2)
