"""What changed between two rounds of the same survey, and what is only chance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from heartline.insight.drivers.analysis import Drivers, Rated


@dataclass(frozen=True)
class Change:
    """One place before and now: ratings and shares, with intervals of the differences that hold for all places at once."""

    name: str
    before: Rated
    now: Rated
    rating: float
    rating_low: float
    rating_high: float
    share_before: float
    share: float
    share_low: float
    share_high: float

    @property
    def is_real(self) -> bool:
        """Whether the rating changed by more than chance."""
        return self.rating_low > 0 or self.rating_high < 0

    @property
    def weighs_otherwise(self) -> bool:
        """Whether the importance changed by more than chance."""
        return self.share_low > 0 or self.share_high < 0


def changes(before: Drivers, now: Drivers) -> tuple[Change, ...]:
    """Return the changes of every place (Bonferroni over the places)."""
    limit = NormalDist().inv_cdf(1 - 0.025 / max(1, len(now.drivers)))
    errors = np.hypot(_share_errors(before), _share_errors(now))
    found = []
    for at, (old, new) in enumerate(zip(before.drivers, now.drivers, strict=True)):
        apart = new.rated.mean - old.rated.mean
        half = limit * math.hypot(_error(old.rated), _error(new.rated))
        weight, give = new.share - old.share, float(limit * errors[at])
        found.append(
            Change(
                name=new.name,
                before=old.rated,
                now=new.rated,
                rating=apart,
                rating_low=apart - half,
                rating_high=apart + half,
                share_before=old.share,
                share=weight,
                share_low=weight - give,
                share_high=weight + give,
            )
        )
    return tuple(found)


def _error(rated: Rated) -> float:
    """The standard error behind an interval of 95 %."""
    return (rated.high - rated.low) / 2 / NormalDist().inv_cdf(0.975)


def _share_errors(found: Drivers) -> np.ndarray:
    total = found.drawn.sum(axis=1, keepdims=True)
    shares = np.divide(found.drawn, total, out=np.zeros_like(found.drawn), where=total > 0)
    return np.asarray(shares.std(axis=0, ddof=1))
