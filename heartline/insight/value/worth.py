"""From purchases to come to money today: how many, how large, how sure, and what customers may be lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import _
from heartline.insight.value.buying import History, expected_purchases, fit_buying, still_with_us
from heartline.insight.value.fitting import Fit, Vector
from heartline.insight.value.purchases import Customers, Purchases, bought_between
from heartline.insight.value.spending import expected_average, fit_spending

WEEKS_IN_YEAR = 52
STEP = 4  # weeks: money of the next four weeks is discounted from their end
FEWEST = 100
DRAWS = 100
MOST_SAMPLED = 5_000
Ends = tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """What is asked: how far ahead, the share of money that is margin, and the interest of a year."""

    weeks: int = WEEKS_IN_YEAR
    margin: float = 1.0
    discount: float = 0.10
    seed: int = 1


@dataclass(frozen=True)
class Valued:
    """Customers with what is expected of each, and of all with its 95 % interval."""

    customers: Customers
    plan: Plan
    buying: Fit
    spending: Fit | None
    alive: Vector
    purchases: Vector
    average: Vector
    value: Vector
    all_purchases: Ends
    all_value: Ends
    correlation: float | None


def value(of: Customers, plan: Plan, *, has_amounts: bool) -> Valued:
    """Return what each customer is expected to buy and what that is worth today."""
    _refuse_too_few(of)
    buying = fit_buying(of.history)
    again = (of.history.repeats > 0) & (of.average > 0)
    spending = fit_spending(of.history.repeats[again], of.average[again]) if has_amounts else None
    average = np.zeros(of.n) if spending is None else expected_average(spending.values, of.history.repeats, of.average)
    if not np.isfinite(average).all():
        raise CannotAnswer(_("Amounts differ so much that a mean of customers to come does not exist"))
    discounted, bought = _discounted(buying.values, of, plan)
    worth = discounted * average * plan.margin
    kept = float(discounted.sum() / bought.sum())
    purchases_ends, value_ends = _intervals(buying, spending, of, plan, kept, bought, average)
    correlation = float(np.corrcoef(of.history.repeats[again], of.average[again])[0, 1]) if has_amounts else None
    alive = still_with_us(buying.values, of.history)
    return Valued(of, plan, buying, spending, alive, bought, average, worth, purchases_ends, value_ends, correlation)


def _refuse_too_few(of: Customers) -> None:
    if of.n < FEWEST or np.count_nonzero(of.history.repeats) < FEWEST // 2:
        raise CannotAnswer(
            _(
                "{n} customers, {again} of whom bought again, are too few for this model: at least {least} and {least_again}"
            ).format(n=of.n, again=int(np.count_nonzero(of.history.repeats)), least=FEWEST, least_again=FEWEST // 2)
        )


def _discounted(values: Vector, of: Customers, plan: Plan) -> tuple[Vector, Vector]:
    """Return purchases to come, each worth less the later it comes, and undiscounted. Who did the same is counted once."""
    past = of.history
    rows, where = np.unique(np.column_stack([past.repeats, past.last, past.age]), axis=0, return_inverse=True)
    once = History.of(rows[:, 0], rows[:, 1], rows[:, 2])
    before, total = np.zeros(len(rows)), np.zeros(len(rows))
    for week in [*range(STEP, plan.weeks, STEP), plan.weeks]:
        until = expected_purchases(values, once, float(week))
        total += (until - before) / (1 + plan.discount) ** (week / WEEKS_IN_YEAR)
        before = until
    return total[where.ravel()], before[where.ravel()]


def _intervals(
    buying: Fit, spending: Fit | None, of: Customers, plan: Plan, kept: float, bought: Vector, average: Vector
) -> tuple[Ends, Ends]:
    """Return what the sums lie between, by how sure the parameters are and by chance in what customers then do.

    `kept` is the share that discounting leaves of each purchase, the same for all draws.
    """
    rng = np.random.default_rng(plan.seed)
    rows = _sampled(of.n, rng)
    some = of.only(rows)
    times = float(bought.sum() / bought[rows].sum())  # so that some customers stand for all without shifting the middle
    worth = float((bought * average).sum() / max((bought * average)[rows].sum(), 1e-300))
    averages = None if spending is None else spending.drawn(rng, DRAWS)
    counts, money = [], []
    for i, values in enumerate(buying.drawn(rng, DRAWS)):
        expected = expected_purchases(values, some.history, float(plan.weeks))
        variance = _variance(values, some, expected)
        chance, another = rng.normal(size=2)
        counts.append(times * expected.sum() + chance * np.sqrt(times * variance.sum()))
        if averages is not None:
            each = np.nan_to_num(expected_average(averages[i], some.history.repeats, some.average))
            spread = each**2 * (variance + expected / averages[i][0])
            total = worth * np.sum(expected * each) + another * np.sqrt(worth * spread.sum())
            money.append(kept * plan.margin * total)
    return _ends(counts), _ends(money)


def _variance(values: Vector, of: Customers, expected: Vector) -> Vector:
    """Return how much each customer's purchases vary: gone or not, at a pace that is only roughly known, at random."""
    alive = still_with_us(values, of.history)
    if_alive = expected / np.maximum(alive, 1e-12)
    squared = alive * (if_alive + if_alive**2 * (1 + 1 / (values[0] + of.history.repeats)))
    return np.asarray(np.maximum(squared - expected**2, 0.0))


def _ends(drawn: list[float]) -> Ends:
    if not drawn:
        return 0.0, 0.0
    return max(0.0, float(np.quantile(drawn, 0.025))), float(np.quantile(drawn, 0.975))


def _sampled(n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return some of very many customers: the interval of a sum does not need each of a million."""
    return np.arange(n) if n <= MOST_SAMPLED else np.sort(rng.choice(n, MOST_SAMPLED, replace=False))


@dataclass(frozen=True)
class Checked:
    """A prediction made as if later purchases were not known, beside them: for all, and by repeats so far."""

    n: int
    weeks: float
    expected: float
    came: float
    by_repeats: tuple[tuple[int, int, float, float], ...]


MOST_REPEATS = 7


def check(bought: Purchases, of: Customers, until: date) -> Checked:
    """Return how well the model told what customers did after a day, fitted on what was known until then."""
    buying = fit_buying(of.history)
    weeks = (until - of.until).days / 7
    expected = expected_purchases(buying.values, of.history, weeks)
    came = bought_between(bought, of, until)
    repeats = np.minimum(of.history.repeats, MOST_REPEATS).astype(int)
    rows = []
    for so_many in range(MOST_REPEATS + 1):
        inside = repeats == so_many
        if inside.any():
            rows.append((so_many, int(inside.sum()), float(expected[inside].mean()), float(came[inside].mean())))
    return Checked(of.n, weeks, float(expected.sum()), float(came.sum()), tuple(rows))
