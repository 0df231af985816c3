"""What would help, and how much it would bring back: one lever, all together, and how to share out what they do jointly."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

from heartline.insight.damage.counting import Damage, count
from heartline.insight.damage.inputs import Input, Numbers, baseline

DRAWS = 2000  # the ends of a range are then sure to a twentieth of its standard deviation
MOST_LEVERS = 6


@dataclass(frozen=True)
class Lever:
    """Something that could be done: the inputs it would change, and what it costs in a year."""

    name: str
    changes: Mapping[str, Input]
    cost: Input | None = None
    title: str = ""


@dataclass(frozen=True)
class Range:
    """A figure with the ends it lies between nine times in ten, by what is unsure of the inputs."""

    base: float
    low: float
    high: float


@dataclass(frozen=True)
class Payoff:
    """What a lever, or all of them, would change: `counted` is without word of mouth, which stands apart.

    `fair_share` is its part of what all bring together, `best_in` the share of draws in which no other lever left more,
    `pays_in` the share in which it brought back more than it costs (more than nothing, when no cost was given).
    """

    name: str
    damage: Damage
    counted: Range
    word_of_mouth: float
    cost: float | None = None
    fair_share: float | None = None
    best_in: float | None = None
    pays_in: float | None = None

    @property
    def total(self) -> float:
        """Return the payoff with word of mouth."""
        return self.counted.base + self.word_of_mouth

    @property
    def net(self) -> float | None:
        """Return what is left after the cost, or None when no cost was given."""
        return None if self.cost is None else self.counted.base - self.cost


@dataclass(frozen=True)
class Swing:
    """How far one input alone moves the revenue at risk, from its low to its high end."""

    path: str
    at_low: float
    at_high: float

    @property
    def width(self) -> float:
        """Return how far apart the two are."""
        return abs(self.at_high - self.at_low)


@dataclass(frozen=True)
class Result:
    """A damage model worked out: the year as it stands, each lever, all together, and what decides it.

    `word_of_mouth` is what it costs, so that it can stand beside what is at risk.
    """

    damage: Damage
    at_risk: Range
    with_word_of_mouth: Range
    word_of_mouth: Range
    levers: tuple[Payoff, ...] = ()
    together: Payoff | None = None
    swings: tuple[Swing, ...] = field(default=())

    @property
    def interaction(self) -> float:
        """Return what all levers bring together beyond the sum of each alone; below zero they overlap."""
        return self.together.counted.base - sum(one.counted.base for one in self.levers) if self.together else 0.0


def work_out(inputs: Mapping[str, Input], levers: Sequence[Lever], *, rng: Random, draws: int = DRAWS) -> Result:
    """Return what problems cost now and what each lever would bring back, with ranges drawn by `rng`."""
    at = {path: one.value for path, one in inputs.items()}
    now = count(baseline(at))
    alone = [count(baseline(_changed(at, [lever]))) for lever in levers]
    jointly = count(baseline(_changed(at, levers)))
    drawn = _drawn(inputs, levers, rng, draws)
    shares = _fair_shares(at, levers)
    best = _best_in(levers, drawn.alone)
    payoffs = tuple(
        _payoff(lever.name, now, then, column, _cost([lever]), share, often)
        for lever, then, column, share, often in zip(levers, alone, drawn.alone, shares, best, strict=True)
    )
    together = _payoff("", now, jointly, drawn.together, _cost(levers)) if len(levers) > 1 else None
    at_risk = range_of(now.revenue_at_risk, drawn.at_risk)
    words = range_of(-now.word_of_mouth, [total - risk for total, risk in zip(drawn.total, drawn.at_risk, strict=True)])
    return Result(now, at_risk, range_of(now.total, drawn.total), words, payoffs, together, _swings(inputs, at))


def _changed(at: Numbers, levers: Iterable[Lever]) -> Numbers:
    return at | {path: one.value for lever in levers for path, one in lever.changes.items()}


def _cost(levers: Sequence[Lever]) -> float | None:
    costs = [lever.cost.value for lever in levers if lever.cost]
    return sum(costs) if len(costs) == len(levers) else None


def _payoff(
    name: str,
    now: Damage,
    then: Damage,
    drawn: Sequence[float],
    cost: float | None,
    share: float | None = None,
    best_in: float | None = None,
) -> Payoff:
    counted = range_of(now.revenue_at_risk - then.revenue_at_risk, drawn)
    pays = sum(gain > (cost or 0.0) for gain in drawn) / len(drawn) if drawn else None
    return Payoff(name, then, counted, then.word_of_mouth - now.word_of_mouth, cost, share, best_in, pays)


def _best_in(levers: Sequence[Lever], drawn: Sequence[Sequence[float]]) -> list[float | None]:
    """Return how often each lever left most, after its cost when every lever has one."""
    if len(levers) < 2 or not drawn[0]:
        return [None] * len(levers)
    costs = [lever.cost.value if lever.cost else 0.0 for lever in levers]
    if not all(lever.cost for lever in levers):
        costs = [0.0] * len(levers)
    wins = [0] * len(levers)
    for row in zip(*drawn, strict=True):
        left = [gain - cost for gain, cost in zip(row, costs, strict=True)]
        wins[left.index(max(left))] += 1
    return [won / len(drawn[0]) for won in wins]


def range_of(base: float, drawn: Sequence[float]) -> Range:
    """Return a figure between the 5th and 95th of 100 draws."""
    if not drawn:
        return Range(base, base, base)
    ordered, last = sorted(drawn), len(drawn) - 1
    return Range(base, ordered[round(0.05 * last)], ordered[round(0.95 * last)])


def spread(
    inputs: Mapping[str, Input], figure: Callable[[Numbers], float], *, rng: Random, draws: int = DRAWS
) -> Range:
    """Return a figure of some inputs with the range that these leave open."""
    base = figure({key: one.value for key, one in inputs.items()})
    if all(one.is_certain for one in inputs.values()):
        return Range(base, base, base)
    return range_of(base, [figure({key: one.drawn(rng) for key, one in inputs.items()}) for _ in range(draws)])


@dataclass
class _Draws:
    at_risk: list[float]
    total: list[float]
    alone: list[list[float]]
    together: list[float]


def _drawn(inputs: Mapping[str, Input], levers: Sequence[Lever], rng: Random, draws: int) -> _Draws:
    """Draw years that might as well be. A lever is measured against the same draw, not against another."""
    found = _Draws([], [], [[] for _ in levers], [])
    if all(one.is_certain for one in [*inputs.values(), *(one for lever in levers for one in lever.changes.values())]):
        return found
    for _ in range(draws):
        at = {path: one.drawn(rng) for path, one in inputs.items()}
        now = count(baseline(at))
        found.at_risk.append(now.revenue_at_risk)
        found.total.append(now.total)
        everything = dict(at)
        for lever, column in zip(levers, found.alone, strict=True):
            then = {path: one.drawn(rng) for path, one in lever.changes.items()}
            everything |= then
            column.append(now.revenue_at_risk - count(baseline(at | then)).revenue_at_risk)
        found.together.append(now.revenue_at_risk - count(baseline(everything)).revenue_at_risk)
    return found


def _fair_shares(at: Numbers, levers: Sequence[Lever]) -> list[float]:
    """Share the joint payoff out: each lever's mean gain over all orders in which levers could be pulled (Shapley)."""

    def worth(pulled: tuple[int, ...]) -> float:
        return -count(baseline(_changed(at, [levers[i] for i in pulled]))).revenue_at_risk

    worths = {
        pulled: worth(pulled) for size in range(len(levers) + 1) for pulled in combinations(range(len(levers)), size)
    }
    return [_shapley(i, len(levers), worths.__getitem__) for i in range(len(levers))]


def _shapley(one: int, n: int, worth: Callable[[tuple[int, ...]], float]) -> float:
    others = [i for i in range(n) if i != one]
    total = 0.0
    for size in range(n):
        weight = math.factorial(size) * math.factorial(n - size - 1) / math.factorial(n)
        for before in combinations(others, size):
            total += weight * (worth(tuple(sorted((*before, one)))) - worth(before))
    return total


def _swings(inputs: Mapping[str, Input], at: Numbers) -> tuple[Swing, ...]:
    """Return the inputs that move the revenue at risk, the one that decides most first."""

    def at_risk(path: str, value: float) -> float:
        return count(baseline(at | {path: value})).revenue_at_risk

    found = [Swing(path, *(at_risk(path, end) for end in one.ends())) for path, one in inputs.items()]
    return tuple(sorted((one for one in found if one.width > 0), key=lambda one: -one.width))
