"""How far the ledger has been read, and the rows that what is new makes. Exact: readers follow settled positions only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import chain
from operator import attrgetter
from typing import Any

from heartline.insight.facts.columns import SPANS, TABLES
from heartline.insight.facts.matters import CUSTOMER_KINDS, Told, tell
from heartline.insight.facts.rows import Span
from heartline.insight.facts.spans import SPAN_KINDS, Doing, Doings, Watch
from heartline.insight.kept.courtesy import Courtesy
from heartline.ledger.positions import START, Position
from heartline.ledger.queries import (
    Recorded,
    first_sample,
    head,
    read_after,
    read_kinds,
    read_of_customers,
    read_one,
)

# Raise it when the same events make other rows than before: everything kept is then made anew.
FOLDING = 3
BATCH = 500
CUSTOMERS_AT_ONCE = 200
MERGES = frozenset({"customers.customers_merged", "customers.customers_unmerged"})
READ = CUSTOMER_KINDS | SPAN_KINDS | MERGES
NOTHING_READ = datetime(1970, 1, 1, tzinfo=UTC)

Rows = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Progress:
    """A place in the ledger, and what must be remembered there to read on: merged customers, and what people are doing."""

    position: Position = START
    at: datetime = NOTHING_READ
    mark: str = ""
    sample: Position | None = None
    merged: Mapping[int, int] = field(default_factory=dict)
    doings: Doings = field(default_factory=lambda: Doings({}))

    def fits(self) -> bool:
        """Return whether the ledger still holds what was read: a restored backup or a removed sample company does not."""
        if self.position != START:
            last = read_one(self.position)
            if last is None or mark(last) != self.mark:
                return False
        return self.sample is None or read_one(self.sample) is not None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {
            "position": str(self.position),
            "at": self.at.isoformat(),
            "mark": self.mark,
            "sample": str(self.sample) if self.sample else "",
            "merged": {str(gone): kept for gone, kept in self.merged.items()},
            "doings": {str(id): doing.as_json() for id, doing in self.doings.people.items()},
        }

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Progress:
        """Return what plain values say."""
        return cls(
            position=Position.parse(kept["position"]) or START,
            at=datetime.fromisoformat(kept["at"]),
            mark=kept["mark"],
            sample=Position.parse(kept["sample"]),
            merged={int(gone): id for gone, id in kept["merged"].items()},
            doings=Doings({int(id): Doing.from_json(doing) for id, doing in kept["doings"].items()}),
        )


@dataclass(frozen=True)
class News:
    """What reading on brought: customers whose rows are to be replaced, spans that ended, and how many events that was."""

    progress: Progress
    customers: frozenset[int]
    spans: list[Span]
    events: int


def mark(event: Recorded) -> str:
    """Return a word by which an event is known again: after a restore another one may stand at its place."""
    told = json.dumps([event.kind, event.at.isoformat(), event.body], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def shape() -> str:
    """Return a word that changes whenever what is kept would look different."""
    columns = [(table.name, *table.columns.items()) for table in TABLES.values()]
    return hashlib.sha256(repr((FOLDING, columns)).encode()).hexdigest()[:12]


def read_on(progress: Progress, limit: int) -> News:
    """Read what the ledger added, at most about `limit` events."""
    customers, spans, events = set[int](), list[Span](), 0
    merged, watch, sample, last = dict(progress.merged), Watch(progress.doings), progress.sample, None
    position = progress.position
    while events < limit and (batch := read_after(position, BATCH)):
        events += len(batch)
        for event in batch:
            customers.update(_customers_of(event))
            _merge(merged, event)
            if event.kind in SPAN_KINDS:
                spans += watch.take(event)
        last, sample = batch[-1], sample or next((event.position for event in batch if event.is_sample), None)
        position = last.position
    if last:
        progress = Progress(last.position, last.at, mark(last), sample, merged, watch.doings)
    return News(progress, frozenset(groups_of(customers, progress.merged)), spans, events)


def rows_of(customers: Iterable[int], progress: Progress) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """Yield rows of some whole groups of customers, table by table, as the ledger stood at a place."""
    for told in _told_of(groups_of(customers, progress.merged), progress):
        for name in (name for name in TABLES if name != SPANS.name):
            if rows := getattr(told, name):
                yield name, [TABLES[name].values(row) for row in rows]


def everything(span_ended: Callable[[Span], None], courtesy: Courtesy) -> Progress:
    """Read who was merged and what people did in the whole ledger; returns the place and what must be remembered there."""
    place = head()
    last, merged, watch = read_one(place), dict[int, int](), Watch(Doings({}))
    for event in read_kinds(SPAN_KINDS | MERGES, place):
        courtesy.give_way()
        _merge(merged, event)
        if event.kind in SPAN_KINDS:
            for span in watch.take(event):
                span_ended(span)
    at, known_by = (last.at, mark(last)) if last else (NOTHING_READ, "")
    return Progress(place, at, known_by, first_sample(), merged, watch.doings)


def _told_of(customers: set[int], progress: Progress) -> Iterator[Told]:
    """Customers one by one as they are read; those who are one together, because what was said to them is one story."""
    together = _groups(customers, progress.merged)
    alone = sorted(customers.difference(*together.values()))
    for start in range(0, len(alone), CUSTOMERS_AT_ONCE):
        some = alone[start : start + CUSTOMERS_AT_ONCE]
        for _customer_id, events in read_of_customers(some, CUSTOMER_KINDS, progress.position):
            yield tell(events)
    for root, group in together.items():
        stories = [list(events) for _, events in read_of_customers(group, CUSTOMER_KINDS, progress.position)]
        yield _as_one(tell(sorted(chain(*stories), key=attrgetter("position"))), root)


def groups_of(customers: Iterable[int], merged: Mapping[int, int]) -> set[int]:
    """Return some customers with everybody who was merged with them."""
    if not merged:
        return set(customers)
    roots = {_root(id, merged) for id in customers}
    return roots | {gone for gone in merged if _root(gone, merged) in roots} | set(customers)


def _groups(customers: set[int], merged: Mapping[int, int]) -> dict[int, set[int]]:
    """Return those of some customers who are several records of one, by the record that stayed."""
    some = customers & {*merged, *merged.values()}
    groups: dict[int, set[int]] = {}
    for id in some:
        groups.setdefault(_root(id, merged), set()).add(id)
    return groups


def _as_one(told: Told, root: int) -> Told:
    """Rows of merged records are all about the one customer they are."""
    for rows in vars(told).values():
        for row in rows:
            row.customer_id = root
    return told


def _root(id: int, merged: Mapping[int, int]) -> int:
    seen = {id}
    while (after := merged.get(id)) is not None and after not in seen:
        seen.add(after)
        id = after
    return id


def _customers_of(event: Recorded) -> set[int]:
    if event.kind in MERGES:
        return {event.body["customer_id"], event.body["gone_id"]}
    return {event.body["customer_id"]} if event.kind in CUSTOMER_KINDS else set()


def _merge(merged: dict[int, int], event: Recorded) -> None:
    if event.kind == "customers.customers_merged":
        merged[event.body["gone_id"]] = event.body["customer_id"]
    elif event.kind == "customers.customers_unmerged":
        merged.pop(event.body["gone_id"], None)
