"""Is what is kept what the ledger says? A day is folded anew and laid beside it, row by row."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from heartline.insight.facts.columns import SPANS, TABLES, Table, microseconds
from heartline.insight.facts.matters import CUSTOMER_KINDS
from heartline.insight.facts.spans import SPAN_KINDS, Doings, fold_spans
from heartline.insight.kept.engine import connect, parquet
from heartline.insight.kept.generations import Generation, newest
from heartline.insight.kept.progress import groups_of, rows_of
from heartline.ledger.queries import read_day, read_kinds

CHECKED = "checked.json"


@dataclass(frozen=True)
class Checked:
    """How many rows were laid side by side, and which were not equal, as table and key."""

    rows: int
    differing: tuple[str, ...]


def check_kept(home: Path, start: datetime, end: datetime) -> Checked | None:
    """Compare the kept rows of everybody of whom the ledger told in a span of time; None when nothing is kept."""
    kept = newest(home)
    if kept is None or not kept.progress.fits():
        return None
    told = {event.body["customer_id"] for event in read_day(start, end, CUSTOMER_KINDS)}
    customers = groups_of(told, kept.progress.merged)
    fresh: dict[str, list[tuple[Any, ...]]] = {SPANS.name: _spans(kept, start, end)}
    for name, rows in rows_of(customers, kept.progress):
        fresh.setdefault(name, []).extend(rows)
    span = f"ended_at >= {microseconds(start)} AND ended_at < {microseconds(end)}"
    about = f"customer_id IN ({', '.join(map(str, sorted(customers))) or 'NULL'})"
    differing: list[str] = []
    for name, table in TABLES.items():
        is_kept = _rows(kept, table, span if name == SPANS.name else about)
        differing += _unequal(table, is_kept, fresh.get(name, []))
    return Checked(sum(map(len, fresh.values())), tuple(differing))


def note(home: Path, day: str, count: int) -> None:
    """Remember the outcome where pages find it without searching the ledger."""
    home.mkdir(parents=True, exist_ok=True)
    (home / CHECKED).write_text(json.dumps({"day": day, "count": count}))


def noted(home: Path) -> dict[str, Any] | None:
    """Return the last outcome."""
    with suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads((home / CHECKED).read_text())
        return found
    return None


def _spans(kept: Generation, start: datetime, end: datetime) -> list[tuple[Any, ...]]:
    events = (event for event in read_kinds(SPAN_KINDS) if event.position <= kept.progress.position)
    _doings, spans = fold_spans(Doings({}), events)
    return [SPANS.values(span) for span in spans if start <= span.ended_at < end]


def _rows(kept: Generation, table: Table, wanted: str) -> list[tuple[Any, ...]]:
    engine = connect()
    try:
        return engine.execute(f"SELECT * FROM {parquet(kept.file(table.name))} WHERE {wanted}").fetchall()  # noqa: S608 - our own columns and numbers
    finally:
        engine.close()


def _unequal(table: Table, kept: list[tuple[Any, ...]], fresh: list[tuple[Any, ...]]) -> list[str]:
    one, other = Counter(kept), Counter(fresh)
    places = [list(table.columns).index(name) for name in table.key]
    keys = {tuple(row[place] for place in places) for row in (one - other) + (other - one)}
    return [f"{table.name} {'-'.join(map(str, key))}" for key in sorted(keys)]
