"""Figures and the contacts behind them, for programs."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from django.http import HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.schemas import CSV_FILE, Asked, Id
from heartline.insight.measures import Figure, rows
from heartline.insight.pages import contacts_file
from heartline.insight.queries import View, day_of_work, figures_for, metric_of_day
from heartline.people.requests import StaffRequest

router = Router(tags=["Figures"])

ROWS = 1000


class FigureShown(BaseModel):
    """A metric's value, with what must be said beside it. `value` is null where nothing was counted.

    `low` and `high` are the 95 % interval of a share of answers. Below `enough` answers the value says little.
    """

    metric: str
    name: str
    version: int
    formula: str
    unit: str
    n: int
    hits: int
    value: float | None
    middle: float | None
    ninetieth: float | None
    low: float | None
    high: float | None
    enough: bool


class FiguresShown(BaseModel):
    """Every figure of the catalogue over one day."""

    items: list[FigureShown]


class RowShown(BaseModel):
    """A contact behind a figure. `counts` marks the numerator of a share."""

    contact_id: int
    counts: bool
    value: int | None


class RowsShown(BaseModel):
    """The contacts that made a figure, the latest first; `total` is how many there are."""

    metric: str
    version: int
    total: int
    items: list[RowShown]


class ViewAsked(Asked):
    """Which contacts are looked at: those asked on a day (today where each queue is), of a queue, of a channel."""

    day: Annotated[date, Field(ge=date(2000, 1, 2), le=date(2200, 1, 1))] | None = None
    queue_id: Id | None = None
    channel: Literal["", "webchat", "webform", "callback"] = ""


class RowsAsked(ViewAsked):
    """Which contacts behind a figure are wanted."""

    limit: Annotated[int, Field(ge=1, le=ROWS)] = 200


@router.get("/figures", response=FiguresShown)
def list_figures(request: StaffRequest, asked: Query[ViewAsked]) -> FiguresShown:
    """Return every figure over a day, of the queues the caller may see."""
    found = figures_for(request.scope, _view(asked), now=clock.now())
    return FiguresShown(items=[_shown(figure) for figure in found])


@router.get("/figures/{metric}/contacts", response=RowsShown)
def list_figure_contacts(
    request: StaffRequest, metric: Annotated[str, Field(max_length=60)], asked: Query[RowsAsked]
) -> RowsShown:
    """Return the contacts that made a figure: every number opens."""
    known = metric_of_day(metric)
    found = rows(known, day_of_work(request.scope, _view(asked), now=clock.now()).facts)
    items = [
        RowShown(contact_id=row.fact.contact_id, counts=row.counts, value=row.value) for row in found[: asked.limit]
    ]
    return RowsShown(metric=known.id, version=known.version, total=len(found), items=items)


@router.get("/figures/{metric}/contacts.csv", openapi_extra=CSV_FILE)
def export_figure_contacts(
    request: StaffRequest, metric: Annotated[str, Field(max_length=60)], asked: Query[ViewAsked]
) -> HttpResponse:
    """Return every contact behind a figure for a spreadsheet."""
    return contacts_file(request.scope, _view(asked), metric_of_day(metric), clock.now())


def _view(asked: ViewAsked) -> View:
    return View(asked.day, asked.queue_id, asked.channel)


def _shown(figure: Figure) -> FigureShown:
    metric = figure.metric
    return FigureShown(
        metric=metric.id,
        name=str(metric.name),
        version=metric.version,
        formula=str(metric.formula),
        unit=metric.unit,
        n=figure.n,
        hits=figure.hits,
        value=figure.value,
        middle=figure.middle,
        ninetieth=figure.ninetieth,
        low=figure.low,
        high=figure.high,
        enough=figure.is_enough,
    )
