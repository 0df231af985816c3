"""How a figure is made from rows. The rows of a figure come from the very same definition, so a number and its rows agree.

Pure. A metric says which rows it is about (`base`) and, by its unit, which of them count or what each one gives. Python
reads a definition row by row, `heartline.insight.sums` writes it as SQL; what both come to is a `Sums`, and one function
makes a figure of that.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import stdev
from typing import TYPE_CHECKING, Any, Literal

from heartline.insight.expressions import Column, Test
from heartline.insight.facts.columns import TABLES, Table
from heartline.insight.statistics import mean_interval_of, median, percentile, wilson

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# contacts and count: how many rows; people: how many customers; share: rows that count ÷ rows; duration and score: what rows give,
# summed up; number: the mean of small counts; time_share: time that counts ÷ time.
Unit = Literal["contacts", "count", "people", "share", "duration", "score", "number", "time_share"]
Exactness = Literal["counted", "sampled"]
COUNTS = frozenset({"contacts", "count", "people"})
_PARTS: dict[Unit, tuple[bool, bool]] = {
    "contacts": (False, False),
    "count": (False, False),
    "people": (False, False),
    "share": (True, False),
    "duration": (False, True),
    "score": (False, True),
    "number": (False, True),
    "time_share": (True, False),
}


@dataclass(frozen=True)
class Part:
    """Some of the rows, in words and as a test of one row."""

    words: StrOrPromise
    test: Test

    def holds(self, row: object) -> bool:
        """Return whether a row is among them."""
        return self.test.holds(row)


@dataclass(frozen=True)
class Version:
    """One version of a definition: since when it holds and what changed."""

    number: int
    since: date
    change: StrOrPromise


@dataclass(frozen=True)
class Settled:
    """From when on a row's truth is known: so long after this moment. Younger rows are left out, or they would flatter."""

    column: str
    after: timedelta = timedelta()


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A definition. `counted` figures know every row; `sampled` ones speak for those who did not answer too.

    `when` is the moment by which a row belongs to a day or an hour; `credit` names who did the work, and a figure
    without it is never shown by person.
    """

    id: str
    name: StrOrPromise
    short: StrOrPromise
    meaning: StrOrPromise
    formula: StrOrPromise
    unit: Unit
    base: Part
    versions: tuple[Version, ...]
    hit: Part | None = None
    value: Column | None = None
    table: Table = TABLES["contacts"]
    when: str = "opened_at"
    credit: str = ""
    settled: Settled | None = None
    exactness: Exactness = "counted"
    better: Literal["more", "less", ""] = ""
    enough: int = 1
    beside: tuple[str, ...] = ()
    why: StrOrPromise = ""

    @property
    def version(self) -> int:
        """The number of the definition that holds now."""
        return self.versions[-1].number

    @property
    def is_of_day(self) -> bool:
        """Whether the contacts of one day are enough to count it, as they stand at the moment."""
        return self.table.name == "contacts" and self.settled is None and not self.needs_others

    @property
    def needs_others(self) -> bool:
        """Whether it looks at the customer's other contacts."""
        return bool(self.columns() & {"since_last_ms", "until_next_ms", "promises_broken"})

    def columns(self) -> frozenset[str]:
        """Return every column that its parts read."""
        parts = [part.test.columns() for part in (self.base, self.hit) if part]
        named = {name for name in (self.when, self.credit, self.settled and self.settled.column) if name}
        return frozenset(named).union(*parts, self.value.columns() if self.value else frozenset())

    def __post_init__(self) -> None:
        if (self.hit is not None, self.value is not None) != _PARTS[self.unit]:
            raise ValueError(f"metric {self.id} of unit {self.unit} has the wrong parts")
        if strange := self.columns() - self.table.columns.keys():
            raise ValueError(f"metric {self.id} reads what {self.table.name} do not have: {sorted(strange)}")


@dataclass(frozen=True)
class Row:
    """One row behind a figure. `counts` marks the numerator of a share, `value` is what the row gives."""

    fact: Any
    counts: bool
    value: int | None


@dataclass(frozen=True)
class Sums:
    """What the rows of a figure come to. `n` and `hits` count rows, customers or, for a share of time, milliseconds."""

    n: int = 0
    hits: int = 0
    total: int = 0
    middle: float | None = None
    ninetieth: float | None = None
    spread: float | None = None


@dataclass(frozen=True)
class Figure:
    """A metric's value over some rows, with all that must be said beside it. `value` is None where nothing was counted."""

    metric: Metric
    n: int
    hits: int
    value: float | None
    middle: float | None = None
    ninetieth: float | None = None
    low: float | None = None
    high: float | None = None
    spread: float | None = None

    @property
    def is_enough(self) -> bool:
        """Whether there are enough answers to say anything."""
        return self.n >= self.metric.enough


def rows(metric: Metric, facts: Iterable[Any], now: datetime | None = None) -> list[Row]:
    """Return the rows a figure is made of, the latest first. What is not settled by `now` is left out."""
    found = [_row(metric, fact) for fact in facts if metric.base.holds(fact) and _is_settled(metric, fact, now)]
    return sorted(found, key=lambda row: _order(metric, row.fact), reverse=True)


def measure(metric: Metric, facts: Iterable[Any], now: datetime | None = None) -> Figure:
    """Return a metric's figure over some rows."""
    return summed_up(metric, rows(metric, facts, now))


def summed_up(metric: Metric, found: list[Row]) -> Figure:
    """Return the figure that rows make."""
    return figure_of(metric, sums_of(metric, found))


def sums_of(metric: Metric, found: list[Row]) -> Sums:
    """Return what rows come to."""
    if metric.unit == "people":
        return Sums(len({row.fact.customer_id for row in found}), len(found))
    if metric.unit == "time_share":
        lengths = [(row.fact.length_ms, row.counts) for row in found]
        return Sums(sum(length for length, _ in lengths), sum(length for length, counts in lengths if counts))
    values = [row.value for row in found if row.value is not None]
    if metric.value is None or not values:
        return Sums(0 if metric.value else len(found), sum(row.counts for row in found))
    spread = stdev(values) if len(values) > 1 else None
    return Sums(len(values), len(values), sum(values), median(values), percentile(values, 0.9), spread)


def figure_of(metric: Metric, sums: Sums) -> Figure:
    """Return the figure that sums make, whoever summed up."""
    n, hits = sums.n, sums.hits
    if metric.unit in COUNTS:
        return Figure(metric, n, hits, n)
    if not n:
        return Figure(metric, 0, 0, None)
    if metric.unit in ("share", "time_share"):
        low, high = wilson(hits, n) if metric.exactness == "sampled" else (None, None)
        return Figure(metric, n, hits, hits / n, low=low, high=high)
    mean = sums.total / n
    interval = mean_interval_of(mean, sums.spread, n) if metric.exactness == "sampled" else None
    low, high = interval or (None, None)
    return Figure(metric, n, hits, mean, sums.middle, sums.ninetieth, low, high, sums.spread)


def _row(metric: Metric, fact: object) -> Row:
    counts = metric.hit.holds(fact) if metric.hit else True
    return Row(fact, counts, metric.value.of(fact) if metric.value else None)


def _is_settled(metric: Metric, fact: object, now: datetime | None) -> bool:
    if metric.settled is None:
        return True
    if now is None:
        raise ValueError(f"metric {metric.id} needs to know what time it is")
    moment: datetime | None = getattr(fact, metric.settled.column)
    return moment is not None and moment + metric.settled.after <= now


def _order(metric: Metric, fact: object) -> tuple[Any, ...]:
    return tuple(getattr(fact, name) for name in (metric.when, *metric.table.key))
