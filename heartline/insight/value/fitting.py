"""The most likely parameters of a model, all above zero, and how sure they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import _

Vector = NDArray[np.float64]
_STEP = 1e-4
_WIDEST = 12.0  # of a logarithm: a parameter beyond e±12 means that the data say nothing of it


@dataclass(frozen=True)
class Fit:
    """Parameters by name in the order given, the log-likelihood, and the covariance of their logarithms."""

    names: tuple[str, ...]
    values: Vector
    log_likelihood: float
    covariance: Vector

    def interval(self, i: int) -> tuple[float, float]:
        """Return the 95 % interval of a parameter, from the curvature of the likelihood at its top."""
        half = 1.959963984540054 * float(np.sqrt(self.covariance[i, i]))
        middle = float(np.log(self.values[i]))
        return float(np.exp(middle - half)), float(np.exp(middle + half))

    def drawn(self, rng: np.random.Generator, draws: int) -> Vector:
        """Return parameters that might as well be, a row for each draw."""
        drawn: Vector = np.exp(rng.multivariate_normal(np.log(self.values), self.covariance, size=draws, method="eigh"))
        return drawn


def fit(names: Sequence[str], log_likelihood: Callable[[Vector], float], starts: Sequence[Sequence[float]]) -> Fit:
    """Return the parameters under which the data are most likely, from the best of several starts."""
    from scipy.optimize import minimize

    def cost(logs: Vector) -> float:
        value = -log_likelihood(np.exp(logs))
        return value if np.isfinite(value) else 1e300

    bounds = [(-_WIDEST, _WIDEST)] * len(names)
    found = [
        minimize(cost, np.log(start), method="L-BFGS-B", bounds=bounds, options={"maxiter": 500, "ftol": 1e-13})
        for start in starts
    ]
    best = min(found, key=lambda one: float(one.fun))
    if not np.isfinite(best.fun) or np.any(np.abs(best.x) > _WIDEST - 0.01):
        raise CannotAnswer(_("These purchases do not tell enough to fit the model: one of its parameters has no end"))
    return Fit(tuple(names), np.exp(best.x), -float(best.fun), _covariance(cost, best.x))


def _covariance(cost: Callable[[Vector], float], at: Vector) -> Vector:
    """Return the inverse of the curvature, by differences; a direction that the data leave open stays wide."""
    n = len(at)
    curvature = np.empty((n, n))
    steps = np.eye(n) * _STEP
    for i in range(n):
        for j in range(n):
            there = cost(at + steps[i] + steps[j]) - cost(at + steps[i] - steps[j]) - cost(at - steps[i] + steps[j])
            curvature[i, j] = (there + cost(at - steps[i] - steps[j])) / (4 * _STEP**2)
    values, vectors = np.linalg.eigh((curvature + curvature.T) / 2)
    return np.asarray((vectors / np.maximum(values, 1e-6)) @ vectors.T)
