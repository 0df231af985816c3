"""Figures over time in words: cells that open, differences said only as far as they are more than chance, choices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.customers.queries import tier_words
from heartline.insight.catalogue.access import ACCESS
from heartline.insight.catalogue.customers import CUSTOMERS
from heartline.insight.catalogue.effort import EFFORT
from heartline.insight.comparing import Compared
from heartline.insight.measures import COUNTS, Figure, Metric
from heartline.insight.past import House, Line, Report
from heartline.insight.past_view import BY_WORK, PastView
from heartline.insight.periods import finest
from heartline.insight.shown import beside_of, value_of
from heartline.people.queries import channel_words
from heartline.ui import formats

SIGN = {True: "+", False: "−"}


@dataclass(frozen=True)
class Cell:
    """A figure ready for a page; without an address there is nothing to open."""

    metric: Metric
    value: str
    beside: str
    address: str


@dataclass(frozen=True)
class Difference:
    """How a figure stands against the period before, in words, and the sign it is shown with."""

    before: str
    words: str
    sure: str
    sign: str


@dataclass(frozen=True)
class Group:
    """Figures of one kind."""

    words: str
    lines: list[WholeLine]


@dataclass(frozen=True)
class WholeLine:
    """One figure of the whole period, and its difference when a comparison was asked for."""

    cell: Cell
    difference: Difference | None


@dataclass(frozen=True)
class TableLine:
    """One part of a period, or of the work, with its cells."""

    name: str
    address: str
    cells: list[Cell]


def table_of(report: Report) -> list[TableLine]:
    """Return the lines of the table."""
    return [_table_line(report, line) for line in report.lines]


def groups_of(report: Report) -> list[Group]:
    """Return every figure that can be told in this slice, those of a kind together."""
    kinds = {_("Access and speed"): ACCESS, _("Effort"): EFFORT, _("Settled and kept"): CUSTOMERS}
    found = [Group(words, list(_whole_lines(report, metrics))) for words, metrics in kinds.items()]
    return [group for group in found if group.lines]


def _whole_lines(report: Report, metrics: Iterable[Metric]) -> Iterator[WholeLine]:
    query = urlencode(report.view.address())
    for metric in metrics:
        if figure := report.whole[metric.id]:
            compared = report.compared.get(figure.metric.id)
            cell = cell_of(figure, query)
            yield WholeLine(cell, difference_of(figure, compared) if compared else None)


def cell_of(figure: Figure, query: str) -> Cell:
    """Return a figure as a cell that opens to its rows; `query` is the view's address, put together once for a line."""
    address = f"{_rows_of(figure.metric.id)}?{query}" if figure.n else ""
    return Cell(figure.metric, value_of(figure), beside_of(figure), address)


@cache
def _rows_of(metric_id: str) -> str:
    return reverse("insight:past_rows", args=[metric_id])


def difference_of(figure: Figure, compared: Compared) -> Difference:
    """Return a difference in words; what may be chance is called so."""
    before, change = value_of(compared.before), compared.change
    if change == "none":
        return Difference(before, "", _("nothing to compare"), "")
    if change == "few":
        return Difference(before, "", _("too few to compare"), "")
    words = _size(figure, compared.difference or 0)
    if change == "untested" or not compared.difference:
        return Difference(before, words if compared.difference else _("no difference"), "", "")
    between = _between(figure, compared)
    if change == "same":
        return Difference(before, words, _("not distinguishable from chance%(between)s") % {"between": between}, "")
    said = {None: "", True: _("better"), False: _("worse")}[compared.is_better]
    sign = {None: "", True: "kept", False: "late"}[compared.is_better]
    return Difference(before, words, f"{said}{between}", sign)


def _size(figure: Figure, difference: float) -> str:
    sign = SIGN[difference >= 0]
    if figure.metric.unit in ("share", "time_share"):
        return _("%(size)s points") % {"size": f"{sign}{formats.number(abs(difference) * 100, 1)}"}
    if figure.metric.unit == "duration":
        return _("mean %(size)s") % {"size": f"{sign}{formats.clock_span(abs(difference) / 1000)}"}
    return f"{sign}{formats.number(abs(difference), 0 if figure.metric.unit in COUNTS else 2)}"


def _between(figure: Figure, compared: Compared) -> str:
    if compared.low is None or compared.high is None or compared.low == compared.high:
        return ""
    scale, digits = {"share": (100.0, 1), "duration": (0.001, 0)}.get(figure.metric.unit, (1.0, 2))
    low, high = (
        f"{SIGN[end >= 0]}{formats.clock_span(abs(end) * scale) if figure.metric.unit == 'duration' else formats.number(abs(end) * scale, digits)}"
        for end in (compared.low, compared.high)
    )
    return _(", 95 %% interval %(low)s to %(high)s") % {"low": low, "high": high}


def _table_line(report: Report, line: Line) -> TableLine:
    cells, query = [], urlencode(line.alone)
    for metric in report.columns:
        figure = line.figures[metric.id]
        cells.append(cell_of(figure, query) if figure else Cell(metric, "", "", ""))
    return TableLine(line.name, f"{reverse('insight:past')}?{query}", cells)


@dataclass(frozen=True)
class Choice:
    """Something to choose from in the form: its name, its words, the values, and which one holds."""

    name: str
    words: str
    options: list[tuple[str, str]]
    chosen: str


def choices(house: House, view: PastView) -> list[Choice]:
    """Return the choices of the form, each with what holds now."""
    language, everything = get_language() or "en", ("", _("All"))
    zones = [(zone, zone) for zone in house.zones]
    words = by_words()
    by = [(key, words[key]) for key in (*finest(view.period), *BY_WORK)]
    found = [
        Choice("by", _("Told apart by"), by, view.by),
        Choice("set", _("Columns"), list(set_words().items()), view.set),
        Choice(
            "queue",
            _("Queue"),
            [everything, *((str(id), card.name_in(language)) for id, card in house.queues.items())],
            str(view.queue or ""),
        ),
        Choice("channel", _("Channel"), [everything, *channel_words().items()], view.channel),
        Choice("tier", _("Tier"), [everything, *tier_words().items()], view.tier),
        Choice(
            "team",
            _("Team"),
            [everything, *((str(id), card.name_in(language)) for id, card in house.teams.items())],
            str(view.team or ""),
        ),
        Choice(
            "person",
            _("Who did the work"),
            [everything, *((str(id), name) for id, name in house.people.items())],
            str(view.person or ""),
        ),
        Choice("against", _("Compared with"), list(against_words().items()), view.against),
    ]
    return [*found, Choice("zone", _("Time zone"), zones, view.period.zone)] if len(zones) > 1 else found


def by_words() -> dict[str, str]:
    """Return by what figures may be told apart, in words."""
    return {
        "quarter": _("quarter of an hour"),
        "half": _("half an hour"),
        "hour": _("hour"),
        "day": _("day"),
        "week": _("week"),
        "month": _("month"),
        "queue": _("queue"),
        "channel": _("channel"),
        "tier": _("tier"),
        "team": _("team"),
        "person": _("person"),
    }


def set_words() -> dict[str, str]:
    """Return the sets of figures that stand in the columns, in words."""
    return {
        "access": _("Access and speed"),
        "effort": _("Effort"),
        "customers": _("Settled and kept"),
        "people": _("People"),
    }


def against_words() -> dict[str, str]:
    """Return what a period may be compared with, in words."""
    return {"": _("Nothing"), "before": _("The days before"), "year": _("The same weekdays last year")}


def presets(view: PastView, now: datetime) -> list[tuple[str, str, bool]]:
    """Return periods one click away: words, address, and whether it is the one that is shown."""
    today = now.astimezone(ZoneInfo(view.period.zone)).date()
    month = today.replace(day=1)
    spans: list[tuple[str, date, date]] = [
        (_("Today"), today, today),
        (_("Yesterday"), today - timedelta(days=1), today - timedelta(days=1)),
        (_("7 days"), today - timedelta(days=6), today),
        (_("28 days"), today - timedelta(days=27), today),
        (_("This month"), month, today),
        (_("Last month"), (month - timedelta(days=1)).replace(day=1), month - timedelta(days=1)),
    ]
    holds = (view.period.first, view.period.last)
    return [
        (words, f"?{urlencode(view.address(first=first, last=last, at=None))}", holds == (first, last))
        for words, first, last in spans
    ]
