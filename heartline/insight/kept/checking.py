"""Is what is kept what the ledger says? A day is folded anew and laid beside it, row by row."""

from __future__ import annotations

import json
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from heartline.insight.engine import connect
from heartline.insight.facts.columns import SPANS, TABLES, Table, microseconds
from heartline.insight.facts.matters import CUSTOMER_KINDS
from heartline.insight.facts.spans import SPAN_KINDS, Doings, Watch
from heartline.insight.kept.generations import Generation, discard_unreadable, newest
from heartline.insight.kept.progress import groups_of, rows_of
from heartline.ledger.queries import read_day, read_kinds

CHECKED = "checked.json"
# So many customers at a time are laid side by side.
AT_ONCE = 500


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
    try:
        return _check(kept, start, end)
    except Exception:
        if discard_unreadable(kept):
            return Checked(0, (f"generation {kept.number}",))
        raise


def _check(kept: Generation, start: datetime, end: datetime) -> Checked:
    told = {event.body["customer_id"] for event in read_day(start, end, CUSTOMER_KINDS)}
    customers = sorted(groups_of(told, kept.progress.merged))
    parts = (customers[first : first + AT_ONCE] for first in range(0, len(customers), AT_ONCE))
    found = [_check_spans(kept, start, end), *(_check_customers(kept, part) for part in parts)]
    differing = dict.fromkeys(name for one in found for name in one.differing)
    return Checked(sum(one.rows for one in found), tuple(differing))


def note(home: Path, day: str, count: int) -> None:
    """Remember the outcome where pages find it without searching the ledger."""
    home.mkdir(parents=True, exist_ok=True)
    written = home / f"{CHECKED}.{uuid4().hex}"
    written.write_text(json.dumps({"day": day, "count": count}))
    written.replace(home / CHECKED)


def noted(home: Path) -> dict[str, Any] | None:
    """Return the last outcome."""
    with suppress(OSError, ValueError):
        found: dict[str, Any] = json.loads((home / CHECKED).read_text())
        return found
    return None


def _check_spans(kept: Generation, start: datetime, end: datetime) -> Checked:
    watch, fresh = Watch(Doings({})), []
    for event in read_kinds(SPAN_KINDS, kept.progress.position):
        fresh += [SPANS.values(span) for span in watch.take(event) if start <= span.ended_at < end]
    wanted = f"ended_at >= {microseconds(start)} AND ended_at < {microseconds(end)}"
    return Checked(len(fresh), tuple(_unequal(SPANS, _rows(kept, SPANS, wanted), fresh)))


def _check_customers(kept: Generation, customers: list[int]) -> Checked:
    """Some at a time, so that a busy day needs no more memory than a quiet one. Merged groups are never parted."""
    fresh: dict[str, list[tuple[Any, ...]]] = {}
    for name, rows in rows_of(customers, kept.progress):
        fresh.setdefault(name, []).extend(rows)
    whole = ", ".join(map(str, sorted(groups_of(customers, kept.progress.merged))))
    differing: list[str] = []
    for name, table in TABLES.items():
        if name != SPANS.name:
            differing += _unequal(table, _rows(kept, table, f"customer_id IN ({whole})"), fresh.get(name, []))
    return Checked(sum(map(len, fresh.values())), tuple(differing))


def _rows(kept: Generation, table: Table, wanted: str) -> list[tuple[Any, ...]]:
    with connect() as engine:
        return engine.execute(f"SELECT * FROM ({kept.rows(table.name)}) WHERE {wanted}").fetchall()  # noqa: S608 - our own columns and numbers


def _unequal(table: Table, kept: list[tuple[Any, ...]], fresh: list[tuple[Any, ...]]) -> list[str]:
    one, other = Counter(kept), Counter(fresh)
    places = [list(table.columns).index(name) for name in table.key]
    keys = {tuple(row[place] for place in places) for row in (one - other) + (other - one)}
    return [f"{table.name} {'-'.join(map(str, key))}" for key in sorted(keys)]
