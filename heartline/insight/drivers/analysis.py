"""The whole question about drivers, answered: importance with its uncertainty, factors, interactions, segments, rivals."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heartline.insight.drivers.asking import Gaps, Question, Sample
from heartline.insight.drivers.interactions import Interaction, interactions
from heartline.insight.drivers.johnson import relative_weights
from heartline.insight.drivers.kano import Asymmetry, Cut, cuts_of, marks, penalty_reward
from heartline.insight.drivers.moments import Moments, moments_of, moments_of_pairs, standardised
from heartline.insight.drivers.ranks import standing
from heartline.insight.drivers.shapley import lmg, subset_r2
from heartline.insight.statistics import mean_interval_of

Matrix = NDArray[np.float64]
# Up to so many drivers every subset is looked at; beyond, Johnson's weights stand in.
MOST_EXACT = 15
MOST_POSSIBLE = 20


@dataclass(frozen=True)
class Rated:
    """How a driver is rated: the mean with its 95 % interval, of how many answers."""

    n: int
    mean: float
    low: float
    high: float
    is_constant: bool


@dataclass(frozen=True)
class Driver:
    """One driver: what it explains of the outcome's differences (parts of R²), with 95 % intervals, and how it is rated."""

    name: str
    importance: float
    low: float
    high: float
    share: float
    share_low: float
    share_high: float
    rank: int
    best_rank: int
    worst_rank: int
    alone: float
    on_top: float
    correlation: float
    slope: float
    rated: Rated
    gaps: Gaps
    cut: Cut | None
    asymmetry: Asymmetry | None


@dataclass(frozen=True)
class Drivers:
    """What was found. Drivers stand in the order they were asked for; `together` holds places in it."""

    question: Question
    sample: Sample
    method: str
    r2: float
    r2_low: float
    r2_high: float
    drivers: tuple[Driver, ...]
    together: tuple[tuple[int, ...], ...]
    alike: tuple[tuple[int, int, float], ...]
    interactions: tuple[Interaction, ...]
    drawn: Matrix

    @property
    def is_more_than_chance(self) -> bool:
        """Whether R² is larger than drivers without any meaning would have it nineteen times in twenty (score test).

        n·R² then is distributed as chi-squared, whose quantile is Wilson and Hilferty's.
        """
        k = len(self.drivers)
        limit = k * (1 - 2 / (9 * k) + 1.6448536269514722 * math.sqrt(2 / (9 * k))) ** 3
        return self.sample.effective_n * self.r2 > limit

    def by_rank(self) -> list[Driver]:
        """Return the drivers, the most important first."""
        return sorted(self.drivers, key=lambda driver: driver.rank)


def explain(sample: Sample, question: Question, *, is_whole: bool = True) -> Drivers:
    """Return which drivers explain an outcome. Of a part of the rows (a segment), interactions are not looked for."""
    rng = np.random.default_rng(question.seed)
    columns, groups = _columns(sample, question)
    moments = _moments(columns, sample, question, rng)
    method = method_for(question, len(groups))
    once = moments.correlations()
    found = _decomposed(once[None], groups, method)[0]
    drawn = _decomposed(moments.resampled(question.resamples, rng), groups, method)
    return Drivers(
        question=question,
        sample=sample,
        method=method,
        r2=float(found.sum()),
        r2_low=float(np.quantile(drawn.sum(axis=1), 0.025)),
        r2_high=float(np.quantile(drawn.sum(axis=1), 0.975)),
        drivers=_drivers(sample, question, once, groups, found, drawn),
        together=standing(found, drawn).together,
        alike=_alike(once, groups),
        interactions=tuple(_interactions(sample)) if is_whole else (),
        drawn=drawn,
    )


def method_for(question: Question, drivers: int) -> str:
    """Return how importance is worked out: LMG looks at every subset, of which 20 drivers have a million."""
    if question.method == "auto":
        return "lmg" if drivers <= MOST_EXACT else "johnson"
    if question.method == "lmg" and drivers > MOST_POSSIBLE:
        from heartline.insight.answers import WrongQuestion
        from heartline.insight.answers.words import _

        raise WrongQuestion(
            _("LMG looks at every subset of the drivers: {most} are the most it can do").format(most=MOST_POSSIBLE)
        )
    return question.method


def _columns(sample: Sample, question: Question) -> tuple[Matrix, list[tuple[int, ...]]]:
    """The drivers' columns, and which belong to which driver: one that is kept with gaps has a second, "was answered"."""
    if question.missing != "kept":
        return np.column_stack((sample.x, sample.y)), [(at,) for at in range(sample.x.shape[1])]
    there = np.isfinite(sample.x)
    means = np.nansum(sample.x * sample.weights[:, None], axis=0) / np.maximum(
        (there * sample.weights[:, None]).sum(axis=0), 1e-12
    )
    columns: list[Matrix] = []
    groups: list[tuple[int, ...]] = []
    for at in range(sample.x.shape[1]):
        own = [np.where(there[:, at], sample.x[:, at], means[at])]
        if not there[:, at].all():
            own.append(there[:, at].astype(np.float64))
        groups.append(tuple(range(len(columns), len(columns) + len(own))))
        columns += own
    return np.column_stack((*columns, sample.y)), groups


def _moments(columns: Matrix, sample: Sample, question: Question, rng: np.random.Generator) -> Moments:
    if question.missing == "pairs" and not np.isfinite(columns).all():
        return moments_of_pairs(columns, sample.weights, rng)
    return moments_of(columns, sample.weights, rng)


def _decomposed(stack: Matrix, groups: list[tuple[int, ...]], method: str) -> Matrix:
    return lmg(stack, groups) if method == "lmg" else relative_weights(stack, groups)


def _drivers(
    sample: Sample, question: Question, once: Matrix, groups: list[tuple[int, ...]], found: Matrix, drawn: Matrix
) -> tuple[Driver, ...]:
    stands, (share, share_low, share_high) = standing(found, drawn), _shares(found, drawn)
    alone, on_top = _ends(once, groups)
    slopes = np.linalg.pinv(once[:-1, :-1], rcond=1e-9, hermitian=True) @ once[:-1, -1]
    cuts = cuts_of(sample.x, question.low, question.high)
    factors = _factors(sample, cuts)
    ranks = np.argsort(np.argsort(-found, kind="stable"), kind="stable") + 1
    return tuple(
        Driver(
            name=name,
            importance=float(found[at]),
            low=float(stands.low[at]),
            high=float(stands.high[at]),
            share=float(share[at]),
            share_low=float(share_low[at]),
            share_high=float(share_high[at]),
            rank=int(ranks[at]),
            best_rank=int(stands.best_rank[at]),
            worst_rank=int(stands.worst_rank[at]),
            alone=float(alone[at]),
            on_top=float(on_top[at]),
            correlation=float(once[groups[at][0], -1]),
            slope=float(slopes[groups[at][0]]),
            rated=rated(sample.x[:, at], sample.weights),
            gaps=sample.gaps[at] if sample.gaps else Gaps(0, 0),
            cut=cuts[at],
            asymmetry=factors[at],
        )
        for at, name in enumerate(sample.drivers)
    )


def _shares(found: Matrix, drawn: Matrix) -> tuple[Matrix, Matrix, Matrix]:
    total = found.sum()
    all_drawn = drawn.sum(axis=1, keepdims=True)
    shares = np.divide(drawn, all_drawn, out=np.zeros_like(drawn), where=all_drawn > 0)
    low, high = np.quantile(shares, [0.025, 0.975], axis=0)
    return found / total if total > 0 else np.zeros_like(found), low, high


def _ends(once: Matrix, groups: list[tuple[int, ...]]) -> tuple[Matrix, Matrix]:
    """What each driver explains alone, and what it adds to all the others."""
    everything = [column for group in groups for column in group]
    full = subset_r2(once[None], [everything])[1, 0]
    alone = np.array([subset_r2(once[None], [group])[1, 0] for group in groups])
    others = [[column for column in everything if column not in group] for group in groups]
    without = np.array([subset_r2(once[None], [other])[1, 0] if other else 0.0 for other in others])
    return alone, np.maximum(full - without, 0)


def rated(column: Matrix, weights: Matrix) -> Rated:
    """Return how a driver is rated."""
    there = np.isfinite(column)
    values, heavy = column[there], weights[there]
    if not len(values):
        return Rated(0, math.nan, math.nan, math.nan, is_constant=True)
    mean = float(np.average(values, weights=heavy))
    effective = float(heavy.sum() ** 2 / (heavy**2).sum())
    spread = math.sqrt(np.average((values - mean) ** 2, weights=heavy) * effective / max(effective - 1, 1e-9))
    interval = mean_interval_of(mean, spread, int(effective)) or (mean, mean)
    return Rated(len(values), mean, *interval, is_constant=bool(np.ptp(values) == 0))


def _factors(sample: Sample, cuts: list[Cut | None]) -> list[Asymmetry | None]:
    """Penalty and reward of the drivers that have low, middling and high answers."""
    with_cut = [at for at, cut in enumerate(cuts) if cut]
    if not with_cut or sample.n <= 2 * len(with_cut) + 1:
        return [None] * len(cuts)
    low, high = marks(sample.x[:, with_cut], [cuts[at] for at in with_cut])
    found = dict(zip(with_cut, penalty_reward(sample.y, low, high, sample.weights), strict=True))
    return [found.get(at) for at in range(len(cuts))]


def _alike(once: Matrix, groups: list[tuple[int, ...]], limit: float = 0.9) -> tuple[tuple[int, int, float], ...]:
    """Return pairs of drivers whose answers go together so closely that their parts can hardly be told apart."""
    first = [group[0] for group in groups]
    among = once[np.ix_(first, first)]
    found = [(int(i), int(j), float(among[i, j])) for i, j in np.argwhere(np.triu(np.abs(among), 1) > limit)]
    return tuple(sorted(found, key=lambda pair: -abs(pair[2])))


def _interactions(sample: Sample) -> list[Interaction]:
    whole = np.isfinite(sample.x).all(axis=1)
    if whole.sum() < 10 * (sample.x.shape[1] + 1):
        return []
    weights = sample.weights[whole]
    columns = standardised(np.column_stack((sample.x[whole], sample.y[whole])), weights)
    return interactions(columns[:, :-1], columns[:, -1], weights)
