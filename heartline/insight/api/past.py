"""Figures over time, for programs: a period told apart and compared, the rows behind a figure, and both as spreadsheets."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from heartline.common import clock
from heartline.common.paging import read_cursor, write_cursor
from heartline.common.schemas import CSV_FILE, Asked, Id
from heartline.insight.comparing import Compared
from heartline.insight.measures import Figure, Metric
from heartline.insight.opened import OpenedRow, opened
from heartline.insight.own import CREDITED, own_house, own_metric, own_view
from heartline.insight.own_pages import own_figures_file
from heartline.insight.past import House, Line, Report, house_of, report
from heartline.insight.past_pages import figures_file, rows_file
from heartline.insight.past_view import PastView, past_view
from heartline.insight.queries import metric_named
from heartline.people.requests import StaffRequest

router = Router(tags=["Figures"])

MetricId = Annotated[str, Field(max_length=60)]


class PastAsked(Asked):
    """Which period, how it is told apart, what it is narrowed to and compared with.

    Days are whole days of `zone`, which is one of the queues' time zones; left out, the last seven days of the most
    frequent one. `at` is one part of the period alone, by its first instant.
    """

    first: date | None = None
    last: date | None = None
    zone: Annotated[str, Field(max_length=60)] = ""
    by: Literal["quarter", "half", "hour", "day", "week", "month", "queue", "channel", "tier", "team", "person"] = "day"
    set: Annotated[str, Field(max_length=20, description="Which metrics stand beside each part.")] = ""
    queue_id: Id | None = None
    channel: Annotated[str, Field(max_length=20)] = ""
    tier: Annotated[str, Field(max_length=20)] = ""
    team_id: Id | None = None
    person_id: Id | None = None
    against: Literal["", "before", "year"] = ""
    at: AwareDatetime | None = None


class PastRowsAsked(PastAsked):
    """Which rows behind a figure are wanted; `show` only those that count, or only the rest."""

    show: Literal["", "counted", "rest"] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=200)] = ""


class OwnAsked(Asked):
    """Which of one's own days are wanted, where one is; `at` is one of them alone, by its first instant."""

    first: date | None = None
    last: date | None = None
    at: AwareDatetime | None = None


class OwnRowsAsked(OwnAsked):
    """Which rows of one's own are wanted."""

    limit: Annotated[int, Field(ge=1, le=200)] = 50
    cursor: Annotated[str, Field(max_length=200)] = ""


class PastFigure(BaseModel):
    """A figure of a part or a period. `hits` of `n` count; `low` and `high` are the 95 % interval where there is one."""

    metric: str
    version: int
    unit: str
    n: int
    hits: int
    value: float | None
    middle: float | None
    ninetieth: float | None
    low: float | None
    high: float | None
    enough: bool


class PastLine(BaseModel):
    """A part of the period or of the work, by its number or key, with its figures."""

    key: str
    name: str
    starts_at: datetime | None
    figures: list[PastFigure]


class PastCompared(BaseModel):
    """A figure against that of the other period. `change` is none, few, same, more, less or untested."""

    metric: str
    before: PastFigure
    difference: float | None
    change: str
    low: float | None
    high: float | None
    is_better: bool | None


class PastShown(BaseModel):
    """Figures over a period, all of the same moment `upto`: null while the past has not been counted yet."""

    first: date
    last: date
    zone: str
    by: str
    set: str
    upto: datetime | None
    lines: list[PastLine]
    whole: list[PastFigure]
    compared: list[PastCompared]


class PastRow(BaseModel):
    """A row behind a figure, with who did the work; `at` is by the clock of the period's time zone."""

    at: str
    case_id: int | None
    contact_id: int | None
    queue: str
    channel: str
    person: str
    counts: bool
    value: float | None


class PastRowsShown(BaseModel):
    """The rows that made a figure, the latest first; of `total` rows `counting` count. `figure` is null where it cannot be told."""

    metric: str
    version: int
    figure: PastFigure | None
    total: int
    counting: int
    items: list[PastRow]
    next: str | None


@router.get("/figures/over-time", response=PastShown)
def list_past_figures(request: StaffRequest, asked: Query[PastAsked]) -> PastShown:
    """Return figures over a period, told apart and compared, of the queues and people the caller may see."""
    now, house = clock.now(), house_of(request.scope)
    view = _view(asked, house, now)
    return _shown(view, report(house, view, now=now))


@router.get("/figures/over-time.csv", openapi_extra=CSV_FILE)
def export_past_figures(request: StaffRequest, asked: Query[PastAsked]) -> HttpResponse:
    """Return the same figures for a spreadsheet."""
    now, house = clock.now(), house_of(request.scope)
    return figures_file(house, _view(asked, house, now), now)


@router.get("/figures/over-time/{metric}/rows", response=PastRowsShown)
def list_past_rows(request: StaffRequest, metric: MetricId, asked: Query[PastRowsAsked]) -> PastRowsShown:
    """Return the rows that made a figure of a period: every number opens."""
    now, house, known = clock.now(), house_of(request.scope), metric_named(metric)
    return _rows(house, _view(asked, house, now), known, asked, now, asked.show if known.hit else "")


@router.get("/figures/over-time/{metric}/rows.csv", openapi_extra=CSV_FILE)
def export_past_rows(request: StaffRequest, metric: MetricId, asked: Query[PastAsked]) -> StreamingHttpResponse:
    """Return all rows behind a figure for a spreadsheet, written while they are read."""
    now, house, known = clock.now(), house_of(request.scope), metric_named(metric)
    return rows_file(house, _view(asked, house, now), known, now)


@router.get("/figures/mine", response=PastShown)
def list_own_figures(request: StaffRequest, asked: Query[OwnAsked]) -> PastShown:
    """Return one's own figures day by day, beside the days before; nobody is laid beside anybody."""
    now = clock.now()
    view = own_view(request, _words(asked), now)
    shown, own = _shown(view, report(own_house(request), view, now=now)), {one.id for one in CREDITED}
    shown.whole = [one for one in shown.whole if one.metric in own]
    shown.compared = [one for one in shown.compared if one.metric in own]
    return shown


@router.get("/figures/mine.csv", openapi_extra=CSV_FILE)
def export_own_figures(request: StaffRequest, asked: Query[OwnAsked]) -> HttpResponse:
    """Return one's own figures for a spreadsheet."""
    now = clock.now()
    return own_figures_file(request, own_view(request, _words(asked), now), now)


@router.get("/figures/mine/{metric}/rows.csv", openapi_extra=CSV_FILE)
def export_own_rows(request: StaffRequest, metric: MetricId, asked: Query[OwnAsked]) -> StreamingHttpResponse:
    """Return all rows of one's own that made a figure for a spreadsheet, written while they are read."""
    now = clock.now()
    view = own_view(request, _words(asked), now)
    return rows_file(own_house(request), view, own_metric(metric), now, name="my-")


@router.get("/figures/mine/{metric}/rows", response=PastRowsShown)
def list_own_rows(request: StaffRequest, metric: MetricId, asked: Query[OwnRowsAsked]) -> PastRowsShown:
    """Return the rows of one's own that made a figure."""
    now = clock.now()
    view = own_view(request, _words(asked), now)
    return _rows(own_house(request), view, own_metric(metric), asked, now)


def _rows(
    house: House, view: PastView, metric: Metric, asked: PastRowsAsked | OwnRowsAsked, now: datetime, show: str = ""
) -> PastRowsShown:
    first = read_cursor(asked.cursor) if asked.cursor else 0
    found = opened(house, view, metric, show=show, first=first, most=asked.limit, now=now)
    upto = first + asked.limit
    return PastRowsShown(
        metric=metric.id,
        version=metric.version,
        figure=_figure(found.figure) if found and found.figure else None,
        total=found.total if found else 0,
        counting=found.counting if found else 0,
        items=[_row(row) for row in found.rows] if found else [],
        next=write_cursor(upto) if found and upto < found.how_many(show) else None,
    )


def _view(asked: PastAsked, house: House, now: datetime) -> PastView:
    """Return the view a page's address with the same choices would ask for."""
    return past_view(_words(asked), house.zones, now)


def _words(asked: PastAsked | OwnAsked) -> dict[str, str]:
    given = asked.model_dump(exclude={"show", "limit", "cursor"}, exclude_none=True)
    return {name.removesuffix("_id"): str(value) for name, value in given.items()}


def _shown(view: PastView, found: Report | None) -> PastShown:
    period = view.period
    return PastShown(
        first=period.first,
        last=period.last,
        zone=period.zone,
        by=view.by,
        set=view.set,
        upto=found.upto if found else None,
        lines=[_line(one) for one in found.lines] if found else [],
        whole=[_figure(one) for one in found.whole.values() if one] if found else [],
        compared=[_compared(id, one) for id, one in found.compared.items()] if found else [],
    )


def _line(line: Line) -> PastLine:
    starts = line.alone.get("at")
    return PastLine(
        key=str(line.key),
        name=line.name,
        starts_at=datetime.fromisoformat(starts) if starts else None,
        figures=[_figure(one) for one in line.figures.values() if one],
    )


def _figure(figure: Figure) -> PastFigure:
    names = ("n", "hits", "value", "middle", "ninetieth", "low", "high")
    given: dict[str, Any] = {name: getattr(figure, name) for name in names}
    metric = figure.metric
    return PastFigure(metric=metric.id, version=metric.version, unit=metric.unit, enough=figure.is_enough, **given)


def _compared(id: str, one: Compared) -> PastCompared:
    names = ("difference", "change", "low", "high", "is_better")
    return PastCompared(metric=id, before=_figure(one.before), **{name: getattr(one, name) for name in names})


def _row(row: OpenedRow) -> PastRow:
    return PastRow(**{name: getattr(row, name) for name in PastRow.model_fields})
