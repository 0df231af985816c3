"""One's own figures: what I did, beside what I did before. Nobody is laid beside anybody, and numbers open to one's own rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.common.clock import now
from heartline.insight.measures import Figure, Metric
from heartline.insight.opened import opened
from heartline.insight.own import CREDITED, days_of, own_house, own_metric, own_view
from heartline.insight.past import Report, report
from heartline.insight.past_pages import PAGE, figures_file, first_row, page_of_rows, rows_file
from heartline.insight.past_shown import Difference, difference_of
from heartline.insight.past_view import PastView
from heartline.insight.periods import label
from heartline.insight.shown import beside_of, value_of
from heartline.people.requests import StaffRequest
from heartline.ui import formats


@dataclass(frozen=True)
class Own:
    """A figure of mine: how much, made of what, where it opens, and how it stands against the days before."""

    metric: Metric
    value: str
    beside: str
    address: str
    difference: Difference | None = None


def mine(request: StaffRequest) -> HttpResponse:
    """Show my figures day by day, then each with what it means, beside the days before."""
    moment = now()
    view = own_view(request, request.GET.dict(), moment)
    found = report(own_house(request), view, now=moment)
    context = _shared(view, moment) | {"report": found, "presets": _presets(view, moment)}
    if found:
        figures = list(_figures(found))
        context |= {
            "has_worked": any(one.address for one in figures),
            "lines": [
                (line.name, [_own(line.figures[m.id], m, line.alone) for m in found.columns]) for line in found.lines
            ],
            "figures": figures,
            "upto": formats.time_or_day(found.upto, language=get_language() or "en", zone=view.period.zone, now=moment),
        }
    return render(request, "insight/own.html", context)


def mine_rows(request: StaffRequest, metric_id: str) -> HttpResponse:
    """Show the rows of mine that made a figure."""
    moment = now()
    view, metric = own_view(request, request.GET.dict(), moment), own_metric(metric_id)
    first = first_row(request)
    found = opened(own_house(request), view, metric, first=first, most=PAGE, now=moment)
    context = _shared(view, moment) | {
        "metric": metric,
        "found": found,
        "page_query": urlencode(days_of(view.address())),
    }
    if found:
        context |= {
            "value": value_of(found.figure) if found.figure else "–",
            "beside": beside_of(found.figure) if found.figure else "",
            "page": page_of_rows(found.total, first),
        }
    return render(request, "insight/own_rows.html", context)


def mine_csv(request: StaffRequest) -> HttpResponse:
    """Hand out my figures for a spreadsheet, day by day and for the whole period."""
    moment = now()
    return own_figures_file(request, own_view(request, request.GET.dict(), moment), moment)


def own_figures_file(request: StaffRequest, view: PastView, moment: datetime) -> HttpResponse:
    """Return somebody's own figures as a file."""
    return figures_file(own_house(request), view, moment, of=CREDITED, name="my-figures")


def mine_rows_csv(request: StaffRequest, metric_id: str) -> StreamingHttpResponse:
    """Hand out the rows of mine that made a figure for a spreadsheet."""
    moment = now()
    view = own_view(request, request.GET.dict(), moment)
    return rows_file(own_house(request), view, own_metric(metric_id), moment, name="my-")


def _figures(found: Report) -> Iterator[Own]:
    """Yield every figure that somebody's work makes, with how it stands against before."""
    for metric in CREDITED:
        if figure := found.whole[metric.id]:
            compared = found.compared.get(metric.id)
            difference = difference_of(figure, compared) if compared else None
            yield replace(_own(figure, metric, found.view.address()), difference=difference)


def _own(figure: Figure | None, metric: Metric, address: dict[str, str]) -> Own:
    if figure is None:
        return Own(metric, "–", "", "")
    opens = f"{reverse('insight:mine_rows', args=[metric.id])}?{urlencode(days_of(address))}"
    return Own(metric, value_of(figure), beside_of(figure), opens if figure.n else "")


def _shared(view: PastView, moment: datetime) -> dict[str, Any]:
    return {
        "part": "own",
        "now": moment,
        "view": view,
        "at": label(view.at, "day", view.period.zone) if view.at else "",
        "zone": formats.zone_name(view.period.zone, get_language() or "en"),
        "whole_query": urlencode(days_of(view.address(at=None))),
        "csv_query": urlencode(days_of(view.address())),
    }


def _presets(view: PastView, moment: datetime) -> list[tuple[str, str, bool]]:
    today = moment.astimezone(ZoneInfo(view.period.zone)).date()
    spans = ((_("7 days"), today - timedelta(days=6)), (_("28 days"), today - timedelta(days=27)))
    holds = (view.period.first, view.period.last)
    return [
        (words, f"?{urlencode({'first': first, 'last': today})}", holds == (first, today)) for words, first in spans
    ]
