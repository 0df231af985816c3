"""The order in which the ledger is read, safe against writers that are slow to commit.

PostgreSQL hands out ids before commit, so id 101 may be visible while id 100 is not. A reader that follows ids
would step over 100 for ever. We follow (transaction number, id) and stop at the oldest transaction that is
still running: whatever lies below it can no longer change. SQLite admits one writer at a time, so ids are
already in commit order there.
"""

from __future__ import annotations

from django.db import connection
from django.db.models import Max, Q, QuerySet

from heartline.ledger.models import Entry, Horizon
from heartline.ledger.positions import Position

ENDLESS = 2**62


# The shifted number of the transaction we are in, in SQL; 0 on SQLite.
OWN_TX = {
    "sqlite": "0",
    "postgresql": "pg_current_xact_id()::text::bigint + COALESCE((SELECT shift FROM ledger_horizon WHERE id = 1), 0)",
}


def current_tx() -> int:
    """Return the shifted number of the transaction we are in; 0 on SQLite."""
    return _one_number("SELECT " + OWN_TX[connection.vendor])


def safe_tx() -> int:
    """Return the shifted number below which every transaction has ended; endless on SQLite."""
    if connection.vendor != "postgresql":
        return ENDLESS
    return _one_number(
        "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        " + COALESCE((SELECT shift FROM ledger_horizon WHERE id = 1), 0)"
    )


def is_one_writer() -> bool:
    """Return whether the database lets one write at a time, so that ids alone are in order (SQLite)."""
    return connection.vendor != "postgresql"


def after(position: Position) -> QuerySet[Entry]:
    """Return the settled entries after a position, told so that the index leads straight there, however many lie ahead."""
    return between(*bounds(position), one_writer=is_one_writer())


def bounds(position: Position) -> tuple[int, int, int]:
    """Return what `between` is asked with for the entries after a position: its two numbers, and how far all is settled."""
    return position.tx, position.id, safe_tx()


def between(tx: int, id: int, horizon: int, *, one_writer: bool) -> QuerySet[Entry]:
    """Return the entries after a place and below a horizon, in order; where one writes at a time nothing is unsettled."""
    if one_writer:
        return Entry.objects.filter(epoch_tx=tx, id__gt=id).order_by("id")
    settled = Entry.objects.filter(epoch_tx__gte=tx, epoch_tx__lt=horizon)
    return settled.filter(Q(epoch_tx__gt=tx) | Q(id__gt=id)).order_by("epoch_tx", "id")


def settle_after_restore() -> None:
    """Shift new transaction numbers above all recorded ones.

    A dump restored into another cluster starts counting transactions anew; without the shift new entries
    would sort before old ones and readers would never see them.
    """
    highest = Entry.objects.aggregate(highest=Max("epoch_tx"))["highest"]
    if connection.vendor != "postgresql" or not highest:
        return
    behind = highest - current_tx()
    if behind >= 0:
        horizon, _ = Horizon.objects.get_or_create(id=1)
        horizon.shift += behind + 1
        horizon.save(update_fields=["shift"])


def _one_number(sql: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return int(cursor.fetchone()[0])
