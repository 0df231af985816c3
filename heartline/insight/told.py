"""The waits we told beside those that came: a chart whose every line opens to the contacts behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from heartline.insight.catalogue import TOLD
from heartline.insight.charts import Telling, TellingBar, Tick, tellings_of
from heartline.insight.judgement import verdict
from heartline.insight.measures import Figure, measure
from heartline.insight.past import Report
from heartline.insight.past_shown import cell_of
from heartline.insight.queries import DayOfWork, View
from heartline.insight.shown import full_name, lines_of, shown
from heartline.ui import formats

LOW, HIGH, CAME, KEPT = (metric.id for metric in TOLD)
# We tell the wait that nine of ten do not exceed: this is the share that should be kept.
AIM = 0.9


@dataclass(frozen=True)
class ToldLine:
    """One part of the work or of a period: its name, where it opens, how it is drawn, and the same in words."""

    name: str
    address: str
    bar: TellingBar
    told: str
    came: str
    most: str
    kept: str
    made: str
    is_behind: bool


@dataclass(frozen=True)
class ToldChart:
    """The lines on one scale."""

    lines: tuple[ToldLine, ...]
    ticks: tuple[Tick, ...]


_Row = tuple[str, Mapping[str, Figure | None], str, str]


def told_over_time(report: Report) -> ToldChart | None:
    """Return the chart for the parts that a period is told apart by; None where nobody was told a wait."""
    lines: list[_Row] = []
    for line in report.lines:
        kept = line.told[KEPT]
        if kept and kept.n:
            cell = cell_of(kept, urlencode(line.alone))
            lines.append((line.name, line.told, cell.value, cell.address))
    return _chart(lines)


def told_on_day(work: DayOfWork) -> ToldChart | None:
    """Return the chart for the queues of a day."""
    lines: list[_Row] = []
    all_lines = lines_of(work)
    for line in all_lines:
        facts = work.of(queue_id=line.card.id, channel=line.channel)
        figures = {metric.id: measure(metric, facts) for metric in TOLD}
        if figures[KEPT].n:
            kept = shown(figures[KEPT], View(work.view.day, line.card.id, line.channel))
            lines.append((full_name(line, all_lines), figures, kept.value, kept.address))
    return _chart(lines)


def _chart(rows: list[_Row]) -> ToldChart | None:
    drawn = [(row, telling) for row in rows if (telling := _telling(row[1]))]
    if not drawn:
        return None
    chart = tellings_of(telling for _row, telling in drawn)
    lines = zip(drawn, chart.bars, strict=True)
    return ToldChart(tuple(_line(row, telling, bar) for (row, telling), bar in lines), chart.ticks)


def _telling(figures: Mapping[str, Figure | None]) -> Telling | None:
    low, high, came = (figures.get(id) for id in (LOW, HIGH, CAME))
    if not (low and high and came) or low.middle is None or high.middle is None or came.middle is None:
        return None
    return Telling(low.middle, high.middle, came.middle, came.ninetieth or came.middle)


def _line(row: _Row, telling: Telling, bar: TellingBar) -> ToldLine:
    name, figures, value, address = row
    kept = figures[KEPT]
    hits, n = (kept.hits, kept.n) if kept else (0, 0)
    return ToldLine(
        name=name,
        address=address,
        bar=bar,
        told=_("%(low)s to %(high)s") % {"low": _clock(telling.low), "high": _clock(telling.high)},
        came=_clock(telling.came),
        most=_clock(telling.ninetieth),
        kept=value,
        made=_("%(hits)s of %(n)s") % {"hits": formats.number(hits), "n": formats.number(n)},
        is_behind=verdict(hits, n, AIM) == "behind",
    )


def _clock(milliseconds: float) -> str:
    return formats.clock_span(milliseconds / 1000)
