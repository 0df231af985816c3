"""A logistic model whose every figure is told on customers that it did not see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import _
from heartline.insight.value.fitting import Vector

FOLDS = 10
FEWEST = 50
_STRENGTH = 1.0  # ridge: weak, so that features that say the same do not pull apart
_Z = 1.959963984540054


@dataclass(frozen=True)
class Model:
    """Weights, what is added to them, how sure they are, and the chances of customers it did not see when they were told."""

    weights: Vector
    constant: float
    covariance: Vector
    slope: float
    shift: float
    unseen: Vector

    def chances(self, rows: Vector) -> Vector:
        """Return the chance to leave of customers, corrected so that chances come true as often as they say."""
        return _logistic(self.shift + self.slope * (self.constant + rows @ self.weights))


def fit(rows: Vector, left: NDArray[np.bool_], *, seed: int, folds: int = FOLDS) -> Model:
    """Return the model of these customers, and the chance of each by a model that was made without them."""
    if min(left.sum(), (~left).sum()) < FEWEST:
        raise CannotAnswer(
            _("{left} left and {stayed} stayed: at least {least} of each are needed").format(
                left=int(left.sum()), stayed=int((~left).sum()), least=FEWEST
            )
        )
    parts = _parts(left, folds, np.random.default_rng(seed))
    unseen = np.empty(len(left))
    for part in range(folds):
        inside = parts == part
        weights, constant = _weights(rows[~inside], left[~inside])
        unseen[inside] = constant + rows[inside] @ weights
    corrected = np.empty(len(left))
    for part in range(folds):
        inside = parts == part
        slope, shift = _correction(unseen[~inside], left[~inside])
        corrected[inside] = _logistic(shift + slope * unseen[inside])
    weights, constant = _weights(rows, left)
    slope, shift = _correction(unseen, left)
    return Model(weights, constant, _covariance(rows, weights, constant), slope, shift, corrected)


def _parts(left: NDArray[np.bool_], folds: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Part customers by lot so that each part has as many who left."""
    parts = np.empty(len(left), np.int64)
    for kind in (True, False):
        rows = np.flatnonzero(left == kind)
        parts[rng.permutation(rows)] = np.arange(len(rows)) % folds
    return parts


def _weights(rows: Vector, left: NDArray[np.bool_]) -> tuple[Vector, float]:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1 / _STRENGTH, solver="newton-cholesky", max_iter=100).fit(rows, left)
    return np.asarray(model.coef_[0], np.float64), float(model.intercept_[0])


def _correction(scores: Vector, left: NDArray[np.bool_]) -> tuple[float, float]:
    """Return slope and shift that make scores come true as often as they say (Platt); 1 and 0 change nothing."""
    weights, shift = _weights_alone(scores, left)
    return weights, shift


def _weights_alone(scores: Vector, left: NDArray[np.bool_]) -> tuple[float, float]:
    """Fit a logistic line through one column, without ridge, by Newton's steps."""
    slope, shift = 1.0, 0.0
    for _step in range(50):
        chances = _logistic(shift + slope * scores)
        weight = np.maximum(chances * (1 - chances), 1e-12)
        missed = left - chances
        a, b, c = weight.sum(), (weight * scores).sum(), (weight * scores**2).sum()
        step = np.linalg.solve(np.array([[a, b], [b, c]]), np.array([missed.sum(), (missed * scores).sum()]))
        shift, slope = shift + float(step[0]), slope + float(step[1])
        if float(np.abs(step).max()) < 1e-10:
            break
    return slope, shift


def _covariance(rows: Vector, weights: Vector, constant: float) -> Vector:
    """Return how sure the weights are, the constant first, from the curvature of the likelihood with its ridge."""
    chances = _logistic(constant + rows @ weights)
    weight = chances * (1 - chances)
    whole = np.column_stack([np.ones(len(rows)), rows])
    curvature = (whole * weight[:, None]).T @ whole
    curvature += np.diag([1e-9, *[_STRENGTH] * rows.shape[1]])
    return np.asarray(np.linalg.inv(curvature))


def _logistic(scores: Vector) -> Vector:
    from scipy.special import expit

    return np.asarray(expit(scores))


@dataclass(frozen=True)
class Quality:
    """How well chances tell who leaves (AUC with its 95 % interval) and how often they come true."""

    auc: float
    low: float
    high: float
    brier: float
    slope: float
    slope_low: float
    slope_high: float


def quality(chances: Vector, left: NDArray[np.bool_]) -> Quality:
    """Return how good chances are, told on customers the model did not see."""
    auc, error = auc_of(chances, left)
    scores = np.log(np.clip(chances, 1e-9, 1 - 1e-9) / (1 - np.clip(chances, 1e-9, 1 - 1e-9)))
    slope, shift = _weights_alone(scores, left)
    expected = _logistic(shift + slope * scores)
    weight = expected * (1 - expected)
    curvature = np.array(
        [[weight.sum(), (weight * scores).sum()], [(weight * scores).sum(), (weight * scores**2).sum()]]
    )
    half = _Z * float(np.sqrt(np.linalg.inv(curvature)[1, 1]))
    brier = float(np.mean((chances - left) ** 2))
    return Quality(
        auc, max(0.0, auc - _Z * error), min(1.0, auc + _Z * error), brier, slope, slope - half, slope + half
    )


def auc_of(chances: Vector, left: NDArray[np.bool_]) -> tuple[float, float]:
    """Return how often who left had the higher chance of two, and its standard error (DeLong, DeLong, Clarke-Pearson 1988)."""
    from scipy.stats import rankdata

    high, low = chances[left], chances[~left]
    together, of_high, of_low = rankdata(np.concatenate([high, low])), rankdata(high), rankdata(low)
    over = (together[: len(high)] - of_high) / len(low)
    under = 1 - (together[len(high) :] - of_low) / len(high)
    return float(over.mean()), float(np.sqrt(over.var(ddof=1) / len(high) + under.var(ddof=1) / len(low)))
