"""How promoters and detractors felt the same places."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import _
from heartline.insight.drivers.analysis import Rated, rated
from heartline.insight.drivers.asking import Sample
from heartline.insight.loyalty.scores import PASSIVES_FROM, PROMOTERS_FROM


@dataclass(frozen=True)
class Felt:
    """One place as each loyalty group rates it; None where nobody of a group did."""

    name: str
    promoters: Rated | None
    passives: Rated | None
    detractors: Rated | None
    has_nought: bool

    @property
    def gap(self) -> float | None:
        """How much higher promoters rate it than detractors."""
        return self.promoters.mean - self.detractors.mean if self.promoters and self.detractors else None


def felt_by(sample: Sample, scores: NDArray[np.float64], name: str) -> tuple[Felt, ...]:
    """Return how the loyalty groups rate each place; `scores` are answers from 0 to 10 to "would you recommend us"."""
    known = scores[np.isfinite(scores)]
    if not len(known) or known.min() < 0 or known.max() > 10 or (known % 1).any():
        raise CannotAnswer(
            _("“{name}” is no answer from 0 to 10: loyalty groups need the question “would you recommend us”").format(
                name=name
            )
        )
    promoters, passives = scores >= PROMOTERS_FROM, (scores >= PASSIVES_FROM) & (scores < PROMOTERS_FROM)
    return tuple(
        Felt(
            name=driver,
            promoters=_rated(sample, at, promoters),
            passives=_rated(sample, at, passives),
            detractors=_rated(sample, at, scores < PASSIVES_FROM),
            has_nought=bool(known.min() == 0),
        )
        for at, driver in enumerate(sample.drivers)
    )


def _rated(sample: Sample, at: int, group: NDArray[np.bool_]) -> Rated | None:
    found = rated(sample.x[group, at], sample.weights[group])
    return found if found.n else None
