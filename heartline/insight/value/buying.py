"""How often customers will buy: the BG/NBD model of Fader, Hardie and Lee (Marketing Science 24, 2005).

While a customer is with us, purchases come at random at a pace of their own; after each one they leave with a chance of
their own. Paces are gamma distributed (r, alpha), chances beta (a, b). A customer is three numbers: repeat purchases,
when the last one was and how long ago the first one, both in weeks since the first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heartline.insight.value.fitting import Fit, Vector, fit

STARTS = ((0.3, 5.0, 0.8, 2.5), (1.0, 20.0, 1.0, 5.0))


@dataclass(frozen=True)
class History:
    """What customers did: repeat purchases, week of the last one, weeks observed; `weight` customers each."""

    repeats: Vector
    last: Vector
    age: Vector
    weight: Vector

    @classmethod
    def of(cls, repeats: Vector, last: Vector, age: Vector) -> History:
        """Return customers as they come, each for itself."""
        return cls(repeats, last, age, np.ones(len(repeats)))

    def together(self) -> History:
        """Return customers who did the same as one with their weight: the likelihood is quicker and the same."""
        rows, where = np.unique(np.column_stack([self.repeats, self.last, self.age]), axis=0, return_inverse=True)
        return History(
            rows[:, 0], rows[:, 1], rows[:, 2], np.bincount(where.ravel(), weights=self.weight).astype(np.float64)
        )


def fit_buying(history: History) -> Fit:
    """Return the most likely r, alpha, a and b."""
    once = history.together()
    return fit(("r", "alpha", "a", "b"), lambda values: log_likelihood(values, once), STARTS)


def log_likelihood(values: Vector, history: History) -> float:
    """Return how likely these histories are under r, alpha, a, b (equation 6 of the paper, in logarithms)."""
    from scipy.special import gammaln

    r, alpha, a, b = values
    x, last, age = history.repeats, history.last, history.age
    pace = gammaln(r + x) - gammaln(r) + r * np.log(alpha)
    stays = gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
    still = -(r + x) * np.log(alpha + age)
    gone = np.log(a) - np.log(b + np.maximum(x, 1) - 1) - (r + x) * np.log(alpha + last)
    either = np.where(x > 0, np.logaddexp(still, np.where(x > 0, gone, -np.inf)), still)
    return float(np.sum(history.weight * (pace + stays + either)))


def still_with_us(values: Vector, history: History) -> Vector:
    """Return the chance that each customer has not left; who bought once may always come back."""
    r, alpha, a, b = values
    x = history.repeats
    odds = a / (b + np.maximum(x, 1) - 1) * ((alpha + history.age) / (alpha + history.last)) ** (r + x)
    return np.asarray(1 / (1 + np.where(x > 0, odds, 0.0)))


def expected_purchases(values: Vector, history: History, weeks: float) -> Vector:
    """Return how many purchases each customer makes in the next weeks (equation 10)."""
    from scipy.special import hyp2f1

    r, alpha, a, b = values
    a = a + 1e-6 if abs(a - 1) < 1e-6 else a  # the formula has a gap at 1, and none of its neighbours
    x, until = history.repeats, alpha + history.age
    series = hyp2f1(r + x, b + x, a + b + x - 1, weeks / (until + weeks))
    so_many = (a + b + x - 1) / (a - 1) * (1 - (until / (until + weeks)) ** (r + x) * series)
    return np.asarray(np.maximum(so_many, 0.0) * still_with_us(values, history))


def new_customer_purchases(values: Vector, weeks: NDArray[np.float64] | float) -> Vector:
    """Return how many repeat purchases a customer makes in the first weeks (equation 9)."""
    from scipy.special import hyp2f1

    r, alpha, a, b = values
    a = a + 1e-6 if abs(a - 1) < 1e-6 else a
    series = hyp2f1(r, b, a + b - 1, np.asarray(weeks) / (alpha + weeks))
    return np.asarray((a + b - 1) / (a - 1) * (1 - (alpha / (alpha + weeks)) ** r * series))
