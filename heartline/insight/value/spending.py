"""How large purchases are: the Gamma-Gamma model of Fader and Hardie (2013). Each customer's own mean is learned from few."""

from __future__ import annotations

import numpy as np

from heartline.insight.value.fitting import Fit, Vector, fit

STARTS = ((6.0, 4.0, 15.0), (1.0, 3.0, 50.0), (3.0, 2.0, 500.0))


def fit_spending(repeats: Vector, average: Vector) -> Fit:
    """Return the most likely p, q and gamma, from customers with repeat purchases above zero."""
    return fit(("p", "q", "gamma"), lambda values: log_likelihood(values, repeats, average), _starts(average))


def _starts(average: Vector) -> list[tuple[float, float, float]]:
    """Begin where the mean is right, whatever the currency."""
    mean = float(np.mean(average))
    return [(p, q, mean * (q - 1) / p) for p, q, _gamma in STARTS]


def log_likelihood(values: Vector, repeats: Vector, average: Vector) -> float:
    """Return how likely these averages are under p, q, gamma (equation 1a of the note, in logarithms)."""
    from scipy.special import gammaln

    p, q, gamma = values
    x, z = repeats, average
    first = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(gamma)
    return float(np.sum(first + (p * x - 1) * np.log(z) + p * x * np.log(x) - (p * x + q) * np.log(gamma + x * z)))


def expected_average(values: Vector, repeats: Vector, average: Vector) -> Vector:
    """Return each customer's mean purchase to come: between their own so far and everybody's, the more own the more bought."""
    p, q, gamma = values
    own = (gamma + repeats * average) * p / (p * repeats + q - 1)
    return np.asarray(np.where(repeats > 0, own, everybodys_average(values)))


def everybodys_average(values: Vector) -> float:
    """Return the mean purchase of a customer of whom nothing is known."""
    p, q, gamma = values
    return float(p * gamma / (q - 1)) if q > 1 else float("nan")
