"""Definitions as SQL: what the rows of figures come to, over any slice, in one question for each kind of row. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from heartline.insight.facts.columns import microseconds
from heartline.insight.measures import Metric, Sums

By = Literal["whole", "time", "queue", "channel", "tier", "person", "team"]
COLUMN_OF: dict[str, str] = {"queue": "queue_id", "channel": "channel", "tier": "tier"}


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Which rows are looked at, and by what they are told apart.

    `queue_ids` and `person_ids` are what the reader may see; None is everything. `members` are (person, team) pairs.
    """

    start: datetime
    end: datetime
    now: datetime
    by: By = "whole"
    buckets: tuple[tuple[datetime, datetime], ...] = ()
    queue_ids: frozenset[int] | None = None
    is_one_queue: bool = False
    person_ids: frozenset[int] | None = None
    channel: str = ""
    tier: str = ""
    credited: frozenset[int] | None = None
    members: tuple[tuple[int, int], ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """The words that questions take as parameters."""
        return {"channel": self.channel, "tier": self.tier}


def fits(metric: Metric, slice: Slice) -> bool:
    """Return whether a figure can be told in a slice: without credit not by person, without queue not by queue."""
    asks_person = slice.by in ("person", "team") or slice.credited is not None
    if asks_person and not metric.credit:
        return False
    asks_work = slice.by in COLUMN_OF or slice.channel or slice.tier or slice.is_one_queue
    return metric.table.name != "spans" or not asks_work


def questions(metrics: Iterable[Metric], slice: Slice) -> Iterator[tuple[list[Metric], str]]:
    """Yield metrics that can be asked for together, each time with the question."""
    together: dict[tuple[str, str, str], list[Metric]] = {}
    for metric in metrics:
        if fits(metric, slice):
            credit = metric.credit if slice.by in ("person", "team") or slice.credited is not None else ""
            together.setdefault((metric.table.name, metric.when, credit), []).append(metric)
    for some in together.values():
        yield some, _question(some, slice)


def _question(some: Sequence[Metric], slice: Slice) -> str:
    """Conditions are told once and counted from there: a year of rows is looked at once for each of them."""
    told = _Told(slice)
    measures = ", ".join(part for metric in some for part in _measures(metric, told))
    inside = f"SELECT slice_key{told.columns()} FROM ({rows_sql(some[0], slice)})"  # noqa: S608 - our own columns, words are parameters
    if slice.by == "whole":
        return f"SELECT 0, {measures} FROM ({inside})"  # noqa: S608 - the same
    return f"SELECT slice_key, {measures} FROM ({inside}) GROUP BY slice_key"  # noqa: S608 - the same


class _Told:
    """The conditions and columns that some measures need, each under a short name."""

    def __init__(self, slice: Slice) -> None:
        self.slice = slice
        self._conditions: dict[str, str] = {}
        self._values: set[str] = set()

    def condition(self, sql: str) -> str:
        """Return the name of a condition."""
        return sql if sql == "true" else self._conditions.setdefault(sql, f"c{len(self._conditions)}")

    def value(self, column: str) -> str:
        """Return the name of a column."""
        self._values.add(column)
        return column

    def columns(self) -> str:
        """Return what has been asked for, as further columns."""
        told = [*sorted(self._values), *(f"{sql} AS {name}" for sql, name in self._conditions.items())]
        return "".join(f", {one}" for one in told)


def rows_sql(metric: Metric, slice: Slice) -> str:
    """Return the question for all rows of a metric's table in a slice, each with `slice_key`."""
    name, when = metric.table.name, f"r.{metric.when}"
    start, end = microseconds(slice.start), microseconds(slice.end)
    wanted = [*_where(metric, slice)]
    if name == "spans":
        wanted += [f"r.started_at < {end}", f"r.ended_at > {start}"]
    else:
        wanted += [f"{when} >= {start}", f"{when} < {end}"]
    key, join = _key(metric, slice)
    more = _clipped(slice) if name == "spans" else "r.*"
    return f"SELECT {key} AS slice_key, {more} FROM {name} r{join} WHERE {' AND '.join(wanted)}"  # noqa: S608 - our own columns, words are parameters


def sums_from(metric: Metric, found: Sequence[Any]) -> Sums:
    """Return what one metric's part of an answer says."""
    if metric.value is None:
        return Sums(int(found[0] or 0), int(found[1] or 0))
    n, total, spread, middle_and_ninetieth = found[:4]
    if not n:
        return Sums()
    lower, upper, ninetieth = middle_and_ninetieth
    return Sums(n, n, int(total), (lower + upper) / 2, ninetieth, spread)


def width(metric: Metric) -> int:
    """Return how many columns of an answer belong to a metric."""
    return 2 if metric.value is None else 4


def counted(metric: Metric, slice: Slice) -> str:
    """Return the condition for rows in a metric's base, as far as they were settled when this minute began."""
    base = metric.base.test.sql()
    if metric.settled is None:
        return base
    latest = microseconds(slice.now.replace(second=0, microsecond=0) - metric.settled.after)
    return f"({base} AND coalesce({metric.settled.column} <= {latest}, false))"


# The two in the middle, which are one of an odd number, and the ninetieth percentile: sorted once.
PLACES = "[0.5, 0.500000001, 0.9]"


def _measures(metric: Metric, told: _Told) -> Iterator[str]:
    base = told.condition(counted(metric, told.slice))
    both = f"{base} AND {told.condition(metric.hit.test.sql())}" if metric.hit else base
    if metric.unit == "people":
        yield f"count(DISTINCT {told.value('customer_id')}) FILTER ({base})"
        yield f"count_if({base})"
    elif metric.unit == "time_share":
        length = told.value("length_ms")
        yield from (f"sum({length}) FILTER ({test})" for test in (base, both))
    elif metric.value is None:
        yield from (f"count_if({test})" for test in (base, both))
    else:
        value = told.value(metric.value.name)
        for sums in (f"count({value})", f"sum({value})", f"stddev_samp({value})", f"quantile_disc({value}, {PLACES})"):
            yield f"{sums} FILTER ({base})"


def _where(metric: Metric, slice: Slice) -> Iterator[str]:
    if metric.table.name == "spans":
        if slice.person_ids is not None:
            yield _among("r.person_id", slice.person_ids)
    else:
        if slice.queue_ids is not None:
            yield _among("r.queue_id", slice.queue_ids)
        if slice.channel:
            yield "r.channel = $channel"
        if slice.tier:
            yield "r.tier = $tier"
    if slice.credited is not None:
        yield _among(f"r.{metric.credit}", slice.credited)
    if slice.by in ("person", "team"):
        yield f"r.{metric.credit} IS NOT NULL"


def _key(metric: Metric, slice: Slice) -> tuple[str, str]:
    """What tells rows apart, and the join that brings it."""
    if slice.by == "time":
        buckets = ", ".join(
            f"({place}, {microseconds(start)}, {microseconds(end)})" for place, (start, end) in enumerate(slice.buckets)
        )
        join = f" JOIN (VALUES {buckets}) AS b(place, starts, ends) ON "
        if metric.table.name == "spans":
            return "b.place", join + "r.started_at < b.ends AND r.ended_at > b.starts"
        return "b.place", join + f"r.{metric.when} >= b.starts AND r.{metric.when} < b.ends"
    if slice.by == "team":
        members = ", ".join(f"({person}, {team})" for person, team in slice.members) or "(NULL, NULL)"
        return "m.team", f" JOIN (VALUES {members}) AS m(person, team) ON r.{metric.credit} = m.person"
    if slice.by == "person":
        return f"r.{metric.credit}", ""
    return (f"r.{COLUMN_OF[slice.by]}" if slice.by in COLUMN_OF else "0"), ""


def _clipped(slice: Slice) -> str:
    """A span counts only as far as it lies in the slice, and in the part of it that is told apart."""
    start, end = str(microseconds(slice.start)), str(microseconds(slice.end))
    if slice.by == "time":
        start, end = f"greatest({start}, b.starts)", f"least({end}, b.ends)"
    length = f"(least(r.ended_at, {end}) - greatest(r.started_at, {start})) // 1000"
    return f"r.* EXCLUDE (length_ms), {length} AS length_ms"


def _among(column: str, numbers: frozenset[int]) -> str:
    return f"{column} IN ({', '.join(map(str, sorted(numbers))) or 'NULL'})"
