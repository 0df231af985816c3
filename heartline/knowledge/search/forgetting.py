"""What is erased is found no longer, from the same moment on: its entries go in the transaction of the erasure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model

from heartline.customers.neighbours import NEIGHBOURS
from heartline.knowledge.search.actions import forget
from heartline.knowledge.search.sources import KINDS
from heartline.ledger.queries import read_day

PAGES = 200
ERASING = frozenset({"customers.erased", "customers.retention_done"})


def register() -> None:
    """Hear of every row that loses its words; called once, when Django starts."""
    NEIGHBOURS.words_gone.append(forget_rows)


def forget_rows(table: type[Model], ids: list[Any]) -> None:
    """Remove the entries of rows that are about to lose their words or to go."""
    for kind in KINDS:
        if kind.model is table:
            for start in range(0, len(ids), 500):
                forget(kind.places(ids[start : start + 500]))


def squeeze_after_erasures(now: datetime) -> None:
    """Squeeze the index when something was erased since yesterday."""
    if next(read_day(now - timedelta(hours=25), now, ERASING), None) is not None:
        squeeze()


def squeeze() -> None:
    """Rewrite SQLite's index a few pages at a time: until then FTS5 only marks removed words as gone."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        pages, before = -PAGES, -2
        while True:
            cursor.execute("INSERT INTO search_words(search_words, rank) VALUES ('merge', %s)", [pages])
            cursor.execute("SELECT total_changes()")
            changes = int(cursor.fetchone()[0])
            if pages > 0 and changes - before < 2:
                return
            pages, before = PAGES, changes
