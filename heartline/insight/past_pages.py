"""Pages of figures over time: a period told apart and compared, the rows behind a figure, and both as spreadsheets."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.common.clock import now
from heartline.insight import past_shown
from heartline.insight.catalogue import METRICS
from heartline.insight.measures import Figure, Metric
from heartline.insight.opened import OpenedRow, all_rows, opened
from heartline.insight.past import House, Report, house_of, report
from heartline.insight.past_view import PastView, past_view
from heartline.insight.periods import label
from heartline.insight.queries import metric_named
from heartline.insight.shown import beside_of, value_of
from heartline.insight.spreadsheet import as_csv
from heartline.insight.tasks import last_difference
from heartline.insight.told import KEPT, told_over_time
from heartline.people.requests import StaffRequest
from heartline.ui import formats
from heartline.ui.files import file_reply, streamed_file

PAGE = 50


def past(request: StaffRequest) -> HttpResponse:
    """Show the figures of a period: told apart in a table, then every one, compared when that is asked for."""
    moment = now()
    house = house_of(request.scope)
    view = past_view(request.GET.dict(), house.zones, moment)
    found = report(house, view, now=moment)
    context: dict[str, Any] = _shared(house, view, moment) | {"report": found, "difference": last_difference()}
    context["csv_address"] = f"{reverse('insight:past_csv')}?{context['query']}"
    if found:
        context |= {
            "upto": formats.time_or_day(found.upto, language=get_language() or "en", zone=view.period.zone, now=moment),
            "table": past_shown.table_of(found),
            "groups": past_shown.groups_of(found),
            "told": told_over_time(found),
            "told_metric": None if view.by in ("person", "team") else metric_named(KEPT),
            "against": past_shown.against_words()[view.against] if view.against else "",
        }
    return render(request, "insight/past.html", context)


def past_csv(request: StaffRequest) -> HttpResponse:
    """Hand out the table for a spreadsheet."""
    moment = now()
    house = house_of(request.scope)
    return figures_file(house, past_view(request.GET.dict(), house.zones, moment), moment)


def figures_file(
    house: House, view: PastView, moment: datetime, *, of: Collection[Metric] = METRICS, name: str = ""
) -> HttpResponse:
    """Return a table as a file: one line for each part and figure, with all that a figure is made of."""
    found = report(house, view, now=moment)
    body = as_csv(_heads(), _lines(found, of) if found else ())
    return file_reply(body, _file_name(name or f"figures-{view.by}", view))


def past_rows(request: StaffRequest, metric_id: str) -> HttpResponse:
    """Show the rows that made a figure of a period, the counted ones marked."""
    moment = now()
    house = house_of(request.scope)
    view, metric = past_view(request.GET.dict(), house.zones, moment), metric_named(metric_id)
    show = request.GET.get("show", "") if metric.hit else ""
    first = first_row(request)
    found = opened(house, view, metric, show=show, first=first, most=PAGE, now=moment)
    context = _shared(house, view, moment) | {"metric": metric, "found": found, "show": show}
    narrowing = ("queue", "channel", "tier", "team", "person", "zone")
    context |= {
        "presets": (),
        "choices": [choice for choice in past_shown.choices(house, view) if choice.name in narrowing],
        "stays": {name: value for name, value in view.address().items() if name in ("by", "set", "against", "at")},
    }
    context["csv_address"] = f"{reverse('insight:past_rows_csv', args=[metric.id])}?{context['query']}"
    if found:
        figure = found.figure
        context |= {"page": page_of_rows(found.how_many(show), first), "value": value_of(figure) if figure else "–"}
        context |= {"beside": beside_of(figure) if figure else "", "rest": found.how_many("rest")}
        context |= {"page_query": urlencode(view.address() | ({"show": show} if show else {}))}
    return render(request, "insight/past_rows.html", context)


def past_rows_csv(request: StaffRequest, metric_id: str) -> StreamingHttpResponse:
    """Hand out the same rows for a spreadsheet."""
    moment = now()
    house = house_of(request.scope)
    return rows_file(house, past_view(request.GET.dict(), house.zones, moment), metric_named(metric_id), moment)


def rows_file(
    house: House, view: PastView, metric: Metric, moment: datetime, *, name: str = ""
) -> StreamingHttpResponse:
    """Return the rows behind a figure as a file, written while they are read."""
    rows = all_rows(house, view, metric, now=moment)
    return streamed_file(_pieces(metric, rows), _file_name(name + slugify(metric.id), view))


def _shared(house: House, view: PastView, moment: datetime) -> dict[str, Any]:
    return {
        "part": "past",
        "now": moment,
        "view": view,
        "choices": past_shown.choices(house, view),
        "presets": past_shown.presets(view, moment),
        "query": urlencode(view.address()),
        "at": label(view.at, view.every, view.period.zone) if view.at and view.every else "",
        "whole_query": urlencode(view.address(at=None)),
        "zone": formats.zone_name(view.period.zone, get_language() or "en"),
        "by_words": past_shown.by_words()[view.by],
    }


def first_row(request: StaffRequest) -> int:
    """Return how many rows come before the page that is asked for."""
    page = request.GET.get("page", "")
    number = int(page) if page.isascii() and page.isdecimal() and len(page) < 8 else 1
    return max(0, number - 1) * PAGE


def page_of_rows(count: int, first: int) -> Page[int]:
    """Return a page of what the database has cut already: the paginator only has to know how many there are."""
    return Paginator(range(count), PAGE).get_page(first // PAGE + 1)


def _file_name(name: str, view: PastView) -> str:
    return f"heartline-{name}-{view.period.first.isoformat()}-{view.period.last.isoformat()}.csv"


def _heads() -> list[str]:
    return [
        _("Part"),
        _("Figure"),
        _("Name in the interface for programs"),
        _("Version"),
        _("Unit"),
        _("Value"),
        _("Median"),
        _("90th percentile"),
        _("Lower bound"),
        _("Upper bound"),
        _("Counted"),
        _("Base"),
    ]


def _lines(found: Report, of: Collection[Metric]) -> Iterator[list[str | float | None]]:
    for line in found.lines:
        for metric in found.columns:
            if metric in of and (figure := line.figures[metric.id]):
                yield _cells(line.name, figure)
    for figure in found.whole.values():
        if figure and figure.metric in of:
            yield _cells(_("Whole period"), figure)


def _cells(name: str, figure: Figure) -> list[str | float | None]:
    metric = figure.metric
    return [
        name,
        str(metric.name),
        metric.id,
        metric.version,
        metric.unit,
        figure.value,
        figure.middle,
        figure.ninetieth,
        figure.low,
        figure.high,
        figure.hits,
        figure.n,
    ]


def _pieces(metric: Metric, rows: Iterable[OpenedRow]) -> Iterator[bytes]:
    heads = [_("At"), _("Case"), _("Contact"), _("Queue"), _("Channel"), _("Who did the work"), _("Counts"), _("Value")]
    yield as_csv(heads, ())
    for row in rows:
        cells = [row.at, row.case_id, row.contact_id, row.queue, row.channel, row.person, int(row.counts), row.value]
        yield as_csv((), [cells]).partition(b"\n")[2]
