"""One problem at a time: which to mend first, what a month of a recurring one costs, and the published short forms. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from heartline.insight.damage.counting import MONTHS


@dataclass(frozen=True)
class Problem:
    """A kind of problem: the share of customers who have it as their most serious one, and who would surely buy again."""

    name: str
    frequency: float
    repurchase: float

    @property
    def at_risk(self) -> float:
        """Return the share of all customers whose return this problem puts in doubt: its market at risk."""
        return self.frequency * (1 - self.repurchase)


def ranked(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Return problems by the market they put at risk, greatest first: the most frequent is often not the worst."""
    return tuple(sorted(problems, key=lambda problem: (-problem.at_risk, problem.name)))


@dataclass(frozen=True)
class Recurring:
    """A problem that comes back each month. Money per complaint and per customer-year; `drops` are falls in loyalty."""

    name: str
    complaints: float
    complain: float
    handling: float
    rework: float
    value: float
    drop_complained: float
    drop_silent: float
    told: float = 0.0
    lost_share: float = 0.0


@dataclass(frozen=True)
class Inaction:
    """What one month of a recurring problem costs, by where the money goes."""

    name: str
    occurrences: float
    handling: float
    complained: float
    silent: float
    word_of_mouth: float

    @property
    def counted(self) -> float:
        """Return the month's cost without word of mouth."""
        return self.handling + self.complained + self.silent

    @property
    def total(self) -> float:
        """Return the month's cost with word of mouth."""
        return self.counted + self.word_of_mouth

    @property
    def per_year(self) -> float:
        """Return the cost of a year of it, without word of mouth."""
        return self.counted * MONTHS


def inaction(problem: Recurring) -> Inaction:
    """Return what a month costs: handling, customers lost among those who complain and those who do not, word of mouth."""
    occurrences = problem.complaints / problem.complain
    return Inaction(
        problem.name,
        occurrences,
        handling=problem.complaints * (problem.handling + problem.rework),
        complained=problem.complaints * problem.drop_complained * problem.value,
        silent=(occurrences - problem.complaints) * problem.drop_silent * problem.value,
        word_of_mouth=occurrences * problem.told * problem.lost_share * problem.value,
    )


@dataclass(frozen=True)
class Exposure:
    """Revenue at risk in the form of CTMA's public calculator; `hear` is how many people hear of it, from and to."""

    with_problems: float
    lost: float
    revenue_at_risk: float
    hear: tuple[float, float]


def exposure(customers: float, value: float, problems: float, drop: float, told: tuple[float, float]) -> Exposure:
    """Return what one drop in loyalty for everybody with a problem puts at risk."""
    people = customers * problems
    return Exposure(people, people * drop, people * drop * value, (people * told[0], people * told[1]))


def satisfied_share(first_time: float, complain: float, recovered: float) -> float:
    """Return who is satisfied in the end: served well at once, or failed, complained and put right (Hays and Hill 1999)."""
    return first_time + (1 - first_time) * complain * recovered
