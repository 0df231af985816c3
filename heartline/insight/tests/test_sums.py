"""The two readings of a definition agree: what Python counts row by row, SQL counts in one question."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings

from heartline.insight.catalogue import BY_ID, METRICS
from heartline.insight.engine import connect
from heartline.insight.expressions import EVERYTHING, Column
from heartline.insight.facts.columns import TABLES
from heartline.insight.facts.matters import tell
from heartline.insight.facts.spans import Doings, fold_spans
from heartline.insight.kept.engine import Pages
from heartline.insight.measures import Figure, figure_of, measure, rows
from heartline.insight.sums import Slice, fits, questions, rows_sql, sums_from, width
from heartline.insight.tests.stories import MORNING, Story
from heartline.insight.tests.test_facts import days
from heartline.ledger.queries import Recorded

NOW = MORNING + timedelta(days=40)
WHOLE = Slice(start=MORNING - timedelta(days=1), end=NOW, now=NOW)
Rows = dict[str, list[Any]]


def rows_of(events: list[Recorded]) -> Rows:
    told = vars(tell(events))
    spans = [e for e in events if e.kind.rpartition("_")[2] in ("answered", "moved", "returned", "finished")]
    return told | {"spans": fold_spans(Doings({}), spans)[1]}


class Engine:
    """Rows laid out as they are kept, and questions about them."""

    def __init__(self, found: Rows) -> None:
        self.engine = connect()
        with TemporaryDirectory() as folder, Pages(Path(folder)) as written:
            for name, table in TABLES.items():
                written.write(name, [table.values(row) for row in found[name]])
                self.engine.execute(f"CREATE TABLE {name} AS SELECT * FROM {written.source(name)}")

    def figures(self, slice: Slice) -> Iterator[tuple[object, Figure]]:
        for some, question in questions(METRICS, slice):
            values = {name: value for name, value in slice.values.items() if f"${name}" in question}
            for row in self.engine.execute(question, values).fetchall():
                at = 1
                for metric in some:
                    yield row[0], figure_of(metric, sums_from(metric, row[at:]))
                    at += width(metric)


def same(one: Figure, other: Figure) -> bool:
    near = [pytest.approx(value) if value is not None else None for value in (one.value, one.middle, one.spread)]
    return (one.n, one.hits, one.ninetieth, *near) == (
        other.n,
        other.hits,
        other.ninetieth,
        other.value,
        other.middle,
        other.spread,
    )


@settings(max_examples=6, deadline=None)
@given(days())
def test_every_figure_is_the_same_in_sql(events: list[Recorded]) -> None:
    found = rows_of(events)
    engine = Engine(found)
    told = {figure.metric.id: figure for _key, figure in engine.figures(WHOLE)}
    for metric in METRICS:
        by_hand = measure(metric, found[metric.table.name], NOW)
        if metric.id in told:
            assert same(by_hand, told[metric.id]), metric.id
            assert metric.unit not in ("share", "time_share") or by_hand.hits <= by_hand.n  # no share above all
        else:
            assert by_hand.n == 0
        listed = engine.engine.execute(
            f"SELECT count(*) FILTER ({metric.base.test.sql()}) FROM ({rows_sql(metric, WHOLE)})"
        ).fetchone()
        assert metric.settled or listed == (len(rows(metric, found[metric.table.name], NOW)),)
    engine.engine.close()


def test_parts_of_the_work_and_of_time_add_up() -> None:
    stories = [Story(1, queue_id=1).answered(10).ended(70, 60).finished(80, 10)]
    stories.append(Story(2, queue_id=2, asked_at=MORNING + timedelta(hours=1)).left(50))
    stories.append(Story(3, queue_id=2, channel="callback").answered(30, 8).ended(90, 60, 8).finished(95, 5, 8))
    engine = Engine(rows_of(sorted((e for s in stories for e in s.events), key=lambda e: e.at)))

    def parts(id: str, **about: Any) -> dict[object, float | None]:
        slice = Slice(start=WHOLE.start, end=WHOLE.end, now=NOW, **about)
        return {key: figure.value for key, figure in engine.figures(slice) if figure.metric.id == id and figure.n}

    hours = tuple((MORNING + timedelta(hours=h), MORNING + timedelta(hours=h + 1)) for h in range(2))
    assert parts("offered", by="queue") == {1: 1, 2: 2}
    assert parts("offered", by="channel") == {"webchat": 2, "callback": 1}
    assert parts("offered", by="time", buckets=hours) == {0: 2, 1: 1}
    assert parts("offered", channel="webchat", queue_ids=frozenset({2})) == {0: 1}
    assert parts("own_time", by="person") == {7: 70_000, 8: 65_000}
    assert parts("own_time", by="team", members=((7, 1), (8, 1), (8, 2))) == {1: 67_500, 2: 65_000}
    assert parts("answered", credited=frozenset({8})) == {0: 1}
    assert parts("service_level", by="person") == {}  # who left is in its base, and nobody's
    assert parts("occupancy", is_one_queue=True) == {}  # time belongs to no queue


def test_a_span_counts_only_as_far_as_it_lies_in_each_hour() -> None:
    hours = tuple((MORNING + timedelta(hours=h), MORNING + timedelta(hours=h + 1)) for h in range(3))
    day = [Story(1, asked_at=MORNING + timedelta(minutes=30)).answered(0).finished(3600, 0)]
    found = rows_of(day[0].events)
    metric, engine = BY_ID["occupancy"], Engine(found)
    slice = Slice(start=WHOLE.start, end=WHOLE.end, now=NOW, by="time", buckets=hours)
    told = engine.engine.execute(
        f"SELECT slice_key, sum(length_ms) FROM ({rows_sql(metric, slice)}) GROUP BY 1 ORDER BY 1"
    ).fetchall()
    assert told == [(0, 1_800_000), (1, 1_800_000)]


def test_what_is_not_known_is_never_true() -> None:
    row = Story(1).fact()  # nobody answered: no wait
    wait, limit = Column("wait_ms"), Column("limit_ms")
    assert not (wait <= limit).holds(row)
    assert not (wait > limit).holds(row)
    assert (~(wait <= limit)).holds(row)
    assert EVERYTHING.holds(row)
    assert not fits(BY_ID["abandonment_rate"], Slice(start=NOW, end=NOW, now=NOW, by="person"))
