"""A figure over time opened to the very rows that made it, page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language

from heartline.insight.facts.columns import instant
from heartline.insight.kept.reading import READER
from heartline.insight.measures import Figure, Metric, Sums, figure_of
from heartline.insight.past import House, slice_of
from heartline.insight.past_view import PastView
from heartline.insight.sums import Slice, counted, fits, questions, rows_sql, sums_from
from heartline.people.queries import channel_words

CASE_PAGE = "desk:case_page"
AT_ONCE = 5_000


@dataclass(frozen=True)
class OpenedRow:
    """One row behind a figure, in words. `counts` marks the numerator of a share, `value` is what the row gives."""

    at: str
    case_id: int | None
    contact_id: int | None
    queue: str
    channel: str
    person: str
    counts: bool
    value: float | None
    address: str

    @property
    def seconds(self) -> float | None:
        """The value of a duration in seconds."""
        return None if self.value is None else self.value / 1000


@dataclass(frozen=True)
class Opened:
    """A page of rows, how many there are in all (`counting` of them count), and their figure, read at the same moment.

    There is no figure where it cannot be told in this slice.
    """

    rows: list[OpenedRow]
    total: int
    counting: int
    figure: Figure | None

    def how_many(self, show: str) -> int:
        """Return how many rows there are of those that count, of the rest, or in all."""
        return {"counted": self.counting, "rest": self.total - self.counting}.get(show, self.total)


def opened(
    house: House, view: PastView, metric: Metric, *, show: str = "", first: int = 0, most: int = 50, now: datetime
) -> Opened | None:
    """Return rows behind a figure, the latest first; None while the past has not been counted yet."""
    slice = slice_of(house, view, now)
    if not fits(metric, slice):
        return Opened([], 0, 0, None)
    base, hit = counted(metric, slice), _hit(metric)
    count = f"SELECT count(*) FILTER ({base}), count(*) FILTER ({base} AND {hit}) FROM ({rows_sql(metric, slice)})"  # noqa: S608 - our own columns, words are parameters
    (_metrics, sums), *_none = questions([metric], slice)
    answers = READER.ask([_page(metric, slice, show, first, most), count, sums], slice.values, now)
    if answers is None:
        return None
    page, (counts,), summed = (answer.rows for answer in answers)
    figure = figure_of(metric, sums_from(metric, summed[0][1:]) if summed else Sums())
    return Opened([_row(house, view, row) for row in page], counts[0], counts[1], figure)


def all_rows(house: House, view: PastView, metric: Metric, *, now: datetime) -> Iterator[OpenedRow]:
    """Return every row behind a figure, read in pieces; raises NotFound at once for what is not the reader's to see.

    What is counted meanwhile repeats no row and leaves none out: a piece begins below the last row of the one before.
    """
    slice = slice_of(house, view, now)
    return _in_pieces(house, view, metric, slice, now) if fits(metric, slice) else iter(())


def _in_pieces(house: House, view: PastView, metric: Metric, slice: Slice, now: datetime) -> Iterator[OpenedRow]:
    below = ""
    while answers := READER.ask([_page(metric, slice, "", 0, AT_ONCE, below)], slice.values, now):
        rows = answers[0].rows
        yield from (_row(house, view, row) for row in rows)
        if len(rows) < AT_ONCE:
            return
        place = _place(metric)
        # our own numbers: all that rows are put in order by are
        below = f" AND ({', '.join(place)}) < ({', '.join(str(int(value)) for value in rows[-1][-len(place) :])})"


def _page(metric: Metric, slice: Slice, show: str, first: int, most: int, below: str = "") -> str:
    """Return the question for some of the rows, the latest first."""
    base, hit = counted(metric, slice), _hit(metric)
    wanted = {"counted": f"{base} AND {hit}", "rest": f"{base} AND NOT {hit}"}.get(show, base)
    place = _place(metric)
    order = ", ".join(f"{name} DESC" for name in place)
    columns = ", ".join([_columns(metric, hit), *place])
    return f"SELECT {columns} FROM ({rows_sql(metric, slice)}) WHERE {wanted}{below} ORDER BY {order} LIMIT {int(most)} OFFSET {int(first)}"  # noqa: S608 - our own columns, words are parameters


def _place(metric: Metric) -> tuple[str, ...]:
    """Return the columns by which rows are put in order, no two of them alike."""
    return (metric.when, *metric.table.key)


def _hit(metric: Metric) -> str:
    return metric.hit.test.sql() if metric.hit else "true"


def _columns(metric: Metric, hit: str) -> str:
    """The same columns for every kind of row; what a kind does not have is not known."""
    have = metric.table.columns
    value = metric.value.name if metric.value else ("length_ms" if metric.unit == "time_share" else "NULL")
    queue_now = "queue_now_id" if "queue_now_id" in have else ("queue_id" if "queue_id" in have else "NULL")
    names = [name if name in have else "NULL" for name in ("case_id", "contact_id", "queue_id", "channel")]
    return ", ".join([metric.when, *names, metric.credit or "NULL", hit, value, queue_now])


def _row(house: House, view: PastView, row: tuple[Any, ...]) -> OpenedRow:
    at, case_id, contact_id, queue_id, channel, person_id, counts, value, queue_now_id, *_place = row
    scope, card = house.scope, house.queues.get(queue_id)
    may_open = case_id is not None and scope.may("desk.use") and scope.sees_queue(queue_now_id)
    return OpenedRow(
        at=f"{instant(at).astimezone(ZoneInfo(view.period.zone)):%Y-%m-%d %H:%M:%S}",
        case_id=case_id,
        contact_id=contact_id,
        queue=card.name_in(get_language() or "en") if card else "",
        channel=channel_words().get(channel, channel or ""),
        person=house.people.get(person_id, "") if person_id else "",
        counts=bool(counts),
        value=value,
        address=reverse(CASE_PAGE, args=[case_id]) if may_open else "",
    )
