"""How a figure is made from facts. The rows of a figure come from the very same code, so a number and its rows agree.

Pure. A metric says which contacts it is about (`base`) and, by its kind, which of them count or what each one gives.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from heartline.insight.facts import ContactFact
from heartline.insight.statistics import fmean, mean_interval, median, percentile, wilson

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Unit = Literal["contacts", "share", "duration", "score"]
Exactness = Literal["counted", "sampled"]


@dataclass(frozen=True)
class Part:
    """Some of the contacts, in words and as a test of one fact."""

    words: StrOrPromise
    holds: Callable[[ContactFact], bool]


@dataclass(frozen=True)
class Version:
    """One version of a definition: since when it holds and what changed."""

    number: int
    since: date
    change: StrOrPromise


@dataclass(frozen=True, kw_only=True)
class Metric:
    """A definition. `counted` figures know every contact; `sampled` ones speak for those who did not answer too."""

    id: str
    name: StrOrPromise
    short: StrOrPromise
    meaning: StrOrPromise
    formula: StrOrPromise
    unit: Unit
    base: Part
    versions: tuple[Version, ...]
    hit: Part | None = None
    value: Callable[[ContactFact], int | None] | None = None
    exactness: Exactness = "counted"
    better: Literal["more", "less", ""] = ""
    enough: int = 1
    beside: tuple[str, ...] = ()
    why: StrOrPromise = ""

    @property
    def version(self) -> int:
        """The number of the definition that holds now."""
        return self.versions[-1].number

    def __post_init__(self) -> None:
        wanted = {"contacts": (False, False), "share": (True, False), "duration": (False, True), "score": (False, True)}
        if (self.hit is not None, self.value is not None) != wanted[self.unit]:
            raise ValueError(f"metric {self.id} of unit {self.unit} has the wrong parts")


@dataclass(frozen=True)
class Row:
    """One contact behind a figure. `counts` marks the numerator of a share, `value` is what the contact gives."""

    fact: ContactFact
    counts: bool
    value: int | None


@dataclass(frozen=True)
class Figure:
    """A metric's value over some contacts, with all that must be said beside it. `value` is None where nothing was counted."""

    metric: Metric
    n: int
    hits: int
    value: float | None
    middle: float | None = None
    ninetieth: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def is_enough(self) -> bool:
        """Whether there are enough answers to say anything."""
        return self.n >= self.metric.enough


def rows(metric: Metric, facts: Iterable[ContactFact]) -> list[Row]:
    """Return the contacts a figure is made of, the latest first."""
    found = [_row(metric, fact) for fact in facts if metric.base.holds(fact)]
    return sorted(found, key=lambda row: (row.fact.asked_at, row.fact.contact_id), reverse=True)


def measure(metric: Metric, facts: Iterable[ContactFact]) -> Figure:
    """Return a metric's figure over some contacts."""
    return summed_up(metric, rows(metric, facts))


def summed_up(metric: Metric, found: list[Row]) -> Figure:
    """Return the figure that rows make."""
    hits = sum(row.counts for row in found)
    if metric.unit == "contacts":
        return Figure(metric, len(found), hits, len(found))
    if not found:
        return Figure(metric, 0, 0, None)
    if metric.unit == "share":
        low, high = wilson(hits, len(found)) if metric.exactness == "sampled" else (None, None)
        return Figure(metric, len(found), hits, hits / len(found), low=low, high=high)
    return _of_values(metric, [row.value for row in found if row.value is not None], hits)


def _of_values(metric: Metric, values: list[int], hits: int) -> Figure:
    """A mean alone hides the long waits: the median and the ninetieth percentile always stand beside it."""
    low, high = (mean_interval(values) or (None, None)) if metric.exactness == "sampled" else (None, None)
    return Figure(metric, len(values), hits, fmean(values), median(values), percentile(values, 0.9), low, high)


def _row(metric: Metric, fact: ContactFact) -> Row:
    counts = metric.hit.holds(fact) if metric.hit else True
    return Row(fact, counts, metric.value(fact) if metric.value else None)
