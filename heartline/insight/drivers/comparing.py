"""Drivers side by side: one part of the customers beside another, ourselves beside rivals."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import WrongQuestion, refuse_unknown
from heartline.insight.answers.words import _
from heartline.insight.drivers.analysis import Drivers, explain
from heartline.insight.drivers.asking import Question, Sample, parts_of
from heartline.insight.files import Frame
from heartline.insight.statistics import mean_interval_of

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Segment:
    """A part of the customers; `found` is None when they are too few to say anything."""

    name: str
    n: int
    found: Drivers | None


@dataclass(frozen=True)
class Difference:
    """A driver whose share is surely another in one segment than in another."""

    driver: str
    first: str
    second: str
    difference: float
    low: float
    high: float


@dataclass(frozen=True)
class Gap:
    """How a driver is rated with us and with a rival, by the same people; `low` and `high` bound the gap."""

    driver: str
    rival: str
    n: int
    ours: float
    theirs: float
    gap: float
    low: float
    high: float


def segments(frame: Frame, sample: Sample, question: Question) -> tuple[tuple[Segment, ...], int]:
    """Return the drivers of each segment, largest first, and how many segments beyond the most were left aside."""
    parts, aside = parts_of(frame, sample, question)
    found = [
        Segment(name, part.n, explain(part, question, is_whole=False) if is_enough else None)
        for name, part, is_enough in parts
    ]
    return tuple(found), aside


def differences(parts: tuple[Segment, ...]) -> list[Difference]:
    """Return where shares surely differ between segments, all drivers and pairs of segments tried at once (Bonferroni)."""
    known = [(part.name, part.found) for part in parts if part.found]
    pairs = list(combinations(known, 2))
    if not pairs:
        return []
    tried = len(pairs) * len(pairs[0][0][1].drivers)
    limit = NormalDist().inv_cdf(1 - 0.025 / tried)
    found = []
    for (first, one), (second, other) in pairs:
        error = np.sqrt(_shares(one).var(axis=0, ddof=1) + _shares(other).var(axis=0, ddof=1))
        for at, (a, b) in enumerate(zip(one.drivers, other.drivers, strict=True)):
            apart, half = a.share - b.share, float(limit * error[at])
            if abs(apart) > half > 0:
                found.append(Difference(a.name, first, second, apart, apart - half, apart + half))
    return sorted(found, key=lambda difference: -abs(difference.difference))


def _shares(found: Drivers) -> Matrix:
    total = found.drawn.sum(axis=1, keepdims=True)
    return np.asarray(np.divide(found.drawn, total, out=np.zeros_like(found.drawn), where=total > 0))


def gaps_to_rivals(frame: Frame, sample: Sample, question: Question) -> tuple[Gap, ...]:
    """Return for each rival and driver how both are rated by those who rated both."""
    found = []
    for rival, columns in question.rivals:
        if len(columns) != len(sample.drivers):
            raise WrongQuestion(
                _("--rival {name} names {found} columns for {expected} drivers; write - where it was not asked").format(
                    name=rival, found=len(columns), expected=len(sample.drivers)
                )
            )
        refuse_unknown(_("column"), [column for column in columns if column != "-"], frame.names)
        for at, column in enumerate(columns):
            if column != "-":
                theirs = frame.numbers(column, missing=question.no_answers)[sample.rows]
                if question.zero_is_missing:
                    theirs = np.where(theirs == 0, np.nan, theirs)
                found += _gap(sample, at, rival, theirs)
    return tuple(found)


def _gap(sample: Sample, at: int, rival: str, theirs: Matrix) -> list[Gap]:
    both = np.isfinite(sample.x[:, at]) & np.isfinite(theirs)
    if both.sum() < 2:
        return []
    weights = sample.weights[both]
    ours, them = (float(np.average(values[both], weights=weights)) for values in (sample.x[:, at], theirs))
    apart = sample.x[both, at] - theirs[both]
    effective = int(weights.sum() ** 2 / (weights**2).sum())
    spread = float(
        np.sqrt(np.average((apart - (ours - them)) ** 2, weights=weights) * effective / max(1, effective - 1))
    )
    interval = mean_interval_of(ours - them, spread, effective) or (ours - them, ours - them)
    return [Gap(sample.drivers[at], rival, int(both.sum()), ours, them, ours - them, *interval)]
