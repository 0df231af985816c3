"""Pages of the figures: the day, the rows behind a figure, and the definitions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify

from heartline.common.clock import now
from heartline.insight import tables
from heartline.insight.catalogue import BY_ID, METRICS, OF_DAY
from heartline.insight.charts import hours_of_asking, waits_of
from heartline.insight.measures import Metric, measure, rows
from heartline.insight.queries import View, day_of_work, metric_named, metric_of_day, view_from
from heartline.insight.shown import headline, shown
from heartline.insight.spreadsheet import as_csv
from heartline.insight.tasks import last_difference
from heartline.insight.told import KEPT, told_on_day
from heartline.people.queries import Scope, channel_words
from heartline.people.requests import StaffRequest
from heartline.ui.files import file_reply

PAGE = 50


def overview(request: StaffRequest) -> HttpResponse:
    """Show the figures of a day: one sentence, five figures, the queues, then everything."""
    moment = now()
    view = view_from(request.GET.dict())
    work = day_of_work(request.scope, view, now=moment)
    figures = {metric.id: shown(measure(metric, work.facts), view) for metric in OF_DAY}
    waited = [row.value for row in rows(BY_ID["speed_of_answer"], work.facts) if row.value is not None]
    limits = {fact.limit_ms for fact in work.facts if BY_ID["speed_of_answer"].base.holds(fact)}
    days = tables.days_around(view, work.queues.values(), moment)
    context = {
        "part": "day",
        "now": moment,
        "work": work,
        "figures": figures,
        "all_figures": list(figures.values()),
        "headline": headline(work),
        "worst": tables.worst(work),
        "hours": hours_of_asking(work.facts, {card.id: card.time_zone for card in work.queues.values()}),
        "waits": waits_of(waited, limits.pop() if len(limits) == 1 else None),
        "scores": tables.scores(work.facts),
        "queue_rows": tables.by_queue(work),
        "told": told_on_day(work),
        "told_metric": BY_ID[KEPT],
        "told_apart": _by_hour(days.day),
        "days": days,
        "difference": last_difference(),
    }
    return render(request, "insight/overview.html", context)


def figure_rows(request: StaffRequest, metric_id: str) -> HttpResponse:
    """Show the contacts that made a figure, the counted ones marked."""
    moment = now()
    view = view_from(request.GET.dict())
    work = day_of_work(request.scope, view, now=moment)
    metric = metric_of_day(metric_id)
    found = rows(metric, work.facts)
    kept = tables.narrowed(found, request.GET.get("show", ""))
    context = {
        "part": "day",
        "now": moment,
        "work": work,
        "metric": metric,
        "shown": shown(measure(metric, work.facts), view),
        "page": Paginator([tables.line(row, work, request.scope) for row in kept], PAGE).get_page(
            request.GET.get("page")
        ),
        "counted": sum(row.counts for row in found),
        "all": len(found),
        "rest": sum(not row.counts for row in found),
        "show": request.GET.get("show", ""),
        "query": urlencode(view.address() | ({"show": request.GET["show"]} if request.GET.get("show") else {})),
        "view_query": urlencode(view.address()),
        "days": tables.days_around(view, work.queues.values(), moment),
        "channels": channel_words(),
        "queue_choices": tables.queue_choices(work),
        "keep": _kept(view),
    }
    return render(request, "insight/rows.html", context)


def figure_csv(request: StaffRequest, metric_id: str) -> HttpResponse:
    """Hand out the same rows for a spreadsheet."""
    return contacts_file(request.scope, view_from(request.GET.dict()), metric_of_day(metric_id), now())


def contacts_file(scope: Scope, view: View, metric: Metric, moment: datetime) -> HttpResponse:
    """Return the contacts behind a figure of a day as a file."""
    work = day_of_work(scope, view, now=moment)
    found = rows(metric, work.facts)
    body = as_csv(tables.csv_heads(), (tables.csv_cells(row, work) for row in found))
    days = tables.days_around(work.view, work.queues.values(), moment)
    return file_reply(body, f"heartline-{slugify(metric.id)}-{days.day.isoformat()}.csv")


def definitions(request: StaffRequest) -> HttpResponse:
    """List every metric with its meaning."""
    return render(request, "insight/definitions.html", {"part": "definitions", "metrics": METRICS})


def definition(request: StaffRequest, metric_id: str) -> HttpResponse:
    """Show how one figure is counted, why, and how that changed."""
    metric = metric_named(metric_id)
    work = day_of_work(request.scope, View(), now=now())
    context: dict[str, Any] = {
        "part": "definitions",
        "metric": metric,
        "today": shown(measure(metric, work.facts), View()) if metric.is_of_day else None,
        "beside": [
            (BY_ID[id], shown(measure(BY_ID[id], work.facts), View()) if BY_ID[id].is_of_day else None)
            for id in metric.beside
        ],
        "used_by": [other for other in METRICS if metric.id in other.beside],
    }
    return render(request, "insight/definition.html", context)


def _by_hour(day: date) -> str:
    """Return where the same day is told hour by hour."""
    return f"{reverse('insight:past')}?{urlencode({'first': day, 'last': day, 'by': 'hour'})}#told"


def _kept(view: View) -> str:
    """Return the rest of the query when another day is chosen."""
    rest = {name: value for name, value in view.address().items() if name != "day"}
    return f"&{urlencode(rest)}" if rest else ""
