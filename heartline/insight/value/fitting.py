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
_IMPOSSIBLE = 1e300
# Of a logarithm. Where customers are all alike, parameters would run away together; here they stop, and customers are
# as good as alike. Their mean, which counts, is found all the same.
_WIDEST = 8.0


@dataclass(frozen=True)
class Fit:
    """Parameters by name in the order given, the log-likelihood, and the covariance of their logarithms."""

    names: tuple[str, ...]
    values: Vector
    log_likelihood: float
    covariance: Vector
    room: Vector

    def interval(self, i: int) -> tuple[float, float]:
        """Return the 95 % interval of a parameter, from the curvature of the likelihood at its top."""
        half = 1.959963984540054 * float(np.sqrt(self.covariance[i, i]))
        middle, room = float(np.log(self.values[i])), self.room[i]
        return float(np.exp(max(middle - half, -room))), float(np.exp(min(middle + half, room)))

    @property
    def at_the_end(self) -> tuple[str, ...]:
        """Return the parameters that stopped at the end of their room: in what they say customers are all alike."""
        ends = np.abs(np.log(self.values)) > self.room - 0.01
        return tuple(name for name, is_end in zip(self.names, ends, strict=True) if is_end)

    def drawn(self, rng: np.random.Generator, draws: int) -> Vector:
        """Return parameters that might as well be, a row for each draw."""
        logs = rng.multivariate_normal(np.log(self.values), self.covariance, size=draws, method="eigh")
        drawn: Vector = np.exp(np.clip(logs, -self.room, self.room))
        return drawn


def fit(names: Sequence[str], log_likelihood: Callable[[Vector], float], starts: Sequence[Sequence[float]]) -> Fit:
    """Return the parameters under which the data are most likely, from the best of several starts."""
    from scipy.optimize import minimize

    def cost(logs: Vector) -> float:
        value = -log_likelihood(np.exp(logs))
        return value if np.isfinite(value) else _IMPOSSIBLE

    logs = [np.log(start) for start in starts]
    room = np.maximum(_WIDEST, np.abs(np.array(logs)).max(axis=0) + _WIDEST)
    bounds = [(-end, end) for end in room]
    found = [
        minimize(cost, start, method="L-BFGS-B", bounds=bounds, options={"maxiter": 500, "ftol": 1e-13})
        for start in logs
    ]
    best = min(found, key=lambda one: float(one.fun))
    if not np.isfinite(best.fun) or best.fun >= _IMPOSSIBLE:
        raise CannotAnswer(_("These purchases do not tell enough to fit the model"))
    return Fit(tuple(names), np.exp(best.x), -float(best.fun), _covariance(cost, best.x), room)


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
