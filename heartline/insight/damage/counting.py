"""From problems to money: who has one, who complains, what comes of it, who leaves. Pure arithmetic, no rounding.

The structure is published (TARP's outcome cells, the calculators of CTMA); the numbers are always the reader's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Outcome = Literal["satisfied", "mollified", "dissatisfied", "silent"]
OF_COMPLAINTS: tuple[Outcome, ...] = ("satisfied", "mollified", "dissatisfied")
MONTHS = 12
RULE_OF_THUMB = 0.2  # "of five customers with a problem you lose one"


@dataclass(frozen=True)
class Channel:
    """A way to complain: the share of those with a problem who take it, and what becomes of them (sums to 1)."""

    name: str
    share: float
    satisfied: float
    mollified: float
    dissatisfied: float


@dataclass(frozen=True)
class Loyalty:
    """The share who stay, without a problem and after each outcome; `silent` had one and never told us."""

    no_problem: float
    satisfied: float
    mollified: float
    dissatisfied: float
    silent: float


@dataclass(frozen=True)
class WordOfMouth:
    """How many people hear of it from each customer, and which share of those is lost or won as a customer."""

    told_bad: float = 0.0
    told_good: float = 0.0
    lost_share: float = 0.0
    won_share: float = 0.0


@dataclass(frozen=True)
class Baseline:
    """A year as it stands: customers, what one is worth, how many have problems, and what comes of those."""

    customers: float
    value: float
    problems: float
    channels: tuple[Channel, ...]
    loyalty: Loyalty
    word_of_mouth: WordOfMouth = WordOfMouth()


@dataclass(frozen=True)
class Cell:
    """Customers with a problem who went the same way: how many, how loyal they are, how many leave because of it."""

    outcome: Outcome
    people: float
    loyalty: float
    lost: float
    channel: str = ""


@dataclass(frozen=True)
class Damage:
    """What problems cost in a year. `word_of_mouth` is negative when more prospects are lost by it than won."""

    with_problems: float
    cells: tuple[Cell, ...]
    hear_bad: float
    hear_good: float
    prospects_lost: float
    prospects_won: float
    lost: float
    revenue_at_risk: float
    word_of_mouth: float
    rule_of_thumb: float

    @property
    def total(self) -> float:
        """Return the damage with word of mouth: what a headline never shows alone."""
        return self.revenue_at_risk - self.word_of_mouth

    @property
    def returning(self) -> float:
        """Return how many of those with a problem stay all the same."""
        return sum(cell.people * cell.loyalty for cell in self.cells)

    @property
    def per_month(self) -> float:
        """Return the revenue at risk for each month that nothing is done."""
        return self.revenue_at_risk / MONTHS


def count(base: Baseline) -> Damage:
    """Return the damage of a year: each group's drop in loyalty times its people, times what a customer is worth."""
    with_problems = base.customers * base.problems
    cells = tuple(_cells(base, with_problems))
    satisfied = sum(cell.people for cell in cells if cell.outcome == "satisfied")
    unhappy = sum(cell.people for cell in cells if cell.outcome in {"dissatisfied", "silent"})
    words = base.word_of_mouth
    hear_bad, hear_good = unhappy * words.told_bad, satisfied * words.told_good
    gone, come = hear_bad * words.lost_share, hear_good * words.won_share
    lost = sum(cell.lost for cell in cells)
    return Damage(
        with_problems,
        cells,
        hear_bad,
        hear_good,
        gone,
        come,
        lost,
        revenue_at_risk=lost * base.value,
        word_of_mouth=(come - gone) * base.value,
        rule_of_thumb=with_problems * RULE_OF_THUMB,
    )


def _cells(base: Baseline, with_problems: float) -> Iterator[Cell]:
    for channel in base.channels:
        for outcome in OF_COMPLAINTS:
            yield _cell(base, outcome, with_problems * channel.share * getattr(channel, outcome), channel.name)
    yield _cell(base, "silent", with_problems * (1 - sum(channel.share for channel in base.channels)))


def _cell(base: Baseline, outcome: Outcome, people: float, channel: str = "") -> Cell:
    loyalty: float = getattr(base.loyalty, outcome)
    return Cell(outcome, people, loyalty, people * (base.loyalty.no_problem - loyalty), channel)
