"""What figures mean and how the last check of them went, for programs."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router
from pydantic import BaseModel

from heartline.common import clock
from heartline.insight.catalogue import METRICS
from heartline.insight.measures import Metric
from heartline.insight.tasks import last_check, last_difference
from heartline.people.requests import StaffRequest

router = Router(tags=["Figures"])


class MetricVersionShown(BaseModel):
    """A version of a definition: since when it holds, and what changed."""

    number: int
    since: date
    change: str


class MetricShown(BaseModel):
    """A metric's definition, in the caller's language. `of_day` ones are in GET /figures, all are in /figures/over-time.

    `better` says which way is good; `beside` are the metrics to be read together with it.
    """

    id: str
    name: str
    meaning: str
    formula: str
    unit: str
    why: str
    better: str
    exactness: str
    enough: int
    of_day: bool
    beside: list[str]
    versions: list[MetricVersionShown]


class MetricsShown(BaseModel):
    """Every metric of the catalogue."""

    items: list[MetricShown]


class FiguresCheckShown(BaseModel):
    """The nightly check of the figures against the record: of which day, and whether all was equal; null: none yet."""

    day: date | None
    equal: bool | None
    contacts: int
    differing: int


@router.get("/metrics", response=MetricsShown)
def list_metrics(request: StaffRequest) -> MetricsShown:
    """Return what every metric means, how it is counted, and since when."""
    return MetricsShown(items=[_metric(one) for one in METRICS])


@router.get("/figures/check", response=FiguresCheckShown)
def read_figures_check(request: StaffRequest) -> FiguresCheckShown:
    """Return how the last nightly check of the figures went."""
    found, differing = last_check(clock.now()), last_difference()
    if found is None:
        return FiguresCheckShown(day=None, equal=None, contacts=0, differing=0)
    apart = differing.count if differing else 0
    return FiguresCheckShown(day=found["day"], equal=found["equal"], contacts=found["contacts"], differing=apart)


def _metric(one: Metric) -> MetricShown:
    words: dict[str, Any] = {name: str(getattr(one, name)) for name in ("name", "meaning", "formula", "why")}
    names = ("id", "unit", "better", "exactness", "enough")
    versions = [MetricVersionShown(number=row.number, since=row.since, change=str(row.change)) for row in one.versions]
    return MetricShown(
        **words,
        **{name: getattr(one, name) for name in names},
        of_day=one.is_of_day,
        beside=list(one.beside),
        versions=versions,
    )
