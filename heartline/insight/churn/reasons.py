"""What goes with leaving, in plain words: how many would leave if everybody had this value and all else stayed as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers.words import _
from heartline.insight.churn.design import OTHER, Design, Feature
from heartline.insight.churn.model import Model, auc_of
from heartline.insight.value.fitting import Vector

DRAWS = 100
MOST_ROWS = 4000
_QUARTERS = (0.25, 0.75)
NAMED = 3


@dataclass(frozen=True)
class Level:
    """A value of a feature: how many have it, how many of them left, and how many of all would leave with it."""

    said: str
    customers: int
    left: float | None
    chance: float
    low: float
    high: float
    short: str = ""  # the value without how many have it


@dataclass(frozen=True)
class Reason:
    """A feature with its levels, and how much worse leaving is told without it (fall of AUC)."""

    name: str
    weight: float
    levels: tuple[Level, ...]


def word(text: str) -> str:
    """Return what a word of a column is called."""
    if text == OTHER:
        return _("others")
    return text or _("not given")


def reasons(design: Design, model: Model, *, seed: int) -> tuple[Reason, ...]:
    """Return the features by how much they tell, most first."""
    rng = np.random.default_rng(seed)
    known = design.known
    rows, left = design.rows[known], design.outcome[known] == 1
    some = rows if len(rows) <= MOST_ROWS else rows[rng.choice(len(rows), MOST_ROWS, replace=False)]
    drawn = rng.multivariate_normal([model.constant, *model.weights], model.covariance, size=DRAWS, method="eigh")
    whole, _error = auc_of(model.chances(rows), left)
    found = []
    for feature in design.features:
        own = design.columns_of(feature)
        shuffled = rows.copy()
        shuffled[:, own] = rows[rng.permutation(len(rows))][:, own]
        fall = whole - auc_of(model.chances(shuffled), left)[0]
        found.append(Reason(feature.name, max(0.0, fall), tuple(_levels(feature, own, rows, left, some, model, drawn))))
    return tuple(sorted(found, key=lambda one: -one.weight))


def _levels(
    feature: Feature, own: slice, rows: Vector, left: NDArray[np.bool_], some: Vector, model: Model, drawn: Vector
) -> list[Level]:
    """Set a feature to each of its values for everybody, and see how many would leave."""
    found = []
    for said, values, inside in _values(feature, rows[:, own]):
        everybody = some.copy()
        everybody[:, own] = values
        scores = drawn[:, 0] + everybody @ drawn[:, 1:].T
        chances = (1 / (1 + np.exp(-(model.shift + model.slope * scores)))).mean(axis=0)
        low, high = np.quantile(chances, [0.025, 0.975])
        base = float(model.chances(everybody).mean())
        share = float(left[inside].mean()) if inside.any() else None
        short = re.split(r" \(|（", said)[0] if feature.is_number else said
        found.append(Level(said, int(inside.sum()), share, base, float(low), float(high), short))
    return found


def _values(feature: Feature, own: Vector) -> list[tuple[str, Vector, NDArray[np.bool_]]]:
    """Return what a feature's levels are called, how they stand in the design, and who has them."""
    if not feature.is_number:
        codes = np.where(own.any(axis=1), own.argmax(axis=1) + 1, 0)
        lines = np.vstack([np.zeros(own.shape[1]), np.eye(own.shape[1])])
        return [(word(one), lines[i], codes == i) for i, one in enumerate(feature.words)]
    numbers = own[:, 0]
    if len(np.unique(numbers)) <= 2:
        ends = np.unique(numbers)
        return [(_number(feature, end), _line(end, own), numbers == end) for end in ends]
    low, high = np.quantile(numbers, _QUARTERS)
    return [
        (_("{value} (a quarter have less)").format(value=_number(feature, low)), _line(low, own), numbers <= low),
        (_("{value} (a quarter have more)").format(value=_number(feature, high)), _line(high, own), numbers >= high),
    ]


def _line(value: float, own: Vector) -> Vector:
    line = np.zeros(own.shape[1])
    line[0] = value
    return line


def _number(feature: Feature, value: float) -> str:
    return f"{feature.middle + value * feature.spread:,.4g}"


def why(design: Design, model: Model, rows: NDArray[np.int64]) -> list[str]:
    """Return for some customers what raises their chance most, against the mean of all."""
    raised = design.rows - design.rows[design.known].mean(axis=0)
    found = []
    for row in rows.tolist():
        parts = [
            (float(raised[row, own] @ model.weights[own]), feature, own)
            for feature, own in ((one, design.columns_of(one)) for one in design.features)
        ]
        worst = sorted((part for part in parts if part[0] > 0.05), key=lambda part: -part[0])[:NAMED]
        found.append(
            " · ".join(f"{feature.name}: {_said(feature, design.rows[row, own])}" for _part, feature, own in worst)
        )
    return found


def _said(feature: Feature, own: Vector) -> str:
    if feature.is_number:
        return _("not given") if feature.has_gaps and own[1] else _number(feature, float(own[0]))
    return word(feature.words[int(own.argmax()) + 1 if own.any() else 0])
