"""One change: the transaction in which rows are written, and the entries that tell of it with them.

The entries of a change go to the database together when it ends, in one statement; whoever reads the ledger before
that finds them too (`write_now`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from heartline.ledger.models import Entry
from heartline.ledger.order import OWN_TX
from heartline.ledger.tail import announce

Row = Sequence[Any]

NAMES = tuple(str(one.column) for one in Entry._meta.concrete_fields if not one.primary_key and one.name != "epoch_tx")
# Every change of every room ends here: written straight, an entry costs a third of what saving an object does.
_INSERT = f"INSERT INTO {Entry._meta.db_table} (epoch_tx, {', '.join(NAMES)}) VALUES "  # noqa: S608 - our own columns
_PLACES = ", ".join(["%s"] * len(NAMES))
_AT_ONCE = 200  # rows in one statement: no database takes endlessly many values


@dataclass
class _Change:
    """The transaction that is under way, the savepoint it is at, and the entries that wait for its end."""

    savepoint: str | None
    waiting: list[Row] = field(default_factory=list)


_changing: ContextVar[_Change | None] = ContextVar("changing", default=None)


@contextmanager
def one_change(*, may_fail: bool = False) -> Iterator[None]:
    """The transaction in which a change and its events are written together.

    A change made by another is a part of it, and when the part fails the whole does. Where the whole goes on all the
    same, the part is one that `may_fail`: it then costs a savepoint, two more questions to the database.
    """
    whole = _changing.get()
    if whole is None:
        yield from _whole_change()
    elif may_fail:
        yield from _part_that_may_fail(whole)
    else:
        with transaction.atomic(savepoint=False):
            yield


def _whole_change() -> Iterator[None]:
    with transaction.atomic():
        changing = _changing.set(_Change(_savepoint()))
        try:
            yield
            write_now()
        finally:  # before the commit: what follows upon it makes changes of its own
            _changing.reset(changing)


def _part_that_may_fail(whole: _Change) -> Iterator[None]:
    write_now()  # what was told before stays, whatever becomes of the part
    before = whole.savepoint
    try:
        with transaction.atomic():
            whole.savepoint = _savepoint()
            yield
            write_now()
    finally:
        whole.waiting.clear()
        whole.savepoint = before


def keep(rows: Sequence[Row]) -> None:
    """Write entries at the end of the change that is under way; refuses to work outside a transaction."""
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger event must be written in the transaction of its change")
    change = _changing.get()
    if change is None:
        _write(rows)
    elif change.savepoint != _savepoint():
        raise RuntimeError("a part of a change that may fail must say so: one_change(may_fail=True)")
    else:
        change.waiting += rows


def write_now() -> None:
    """Write the entries that wait for the end of the change."""
    change = _changing.get()
    if change and change.waiting:
        rows, change.waiting = change.waiting, []
        _write(rows)


def _savepoint() -> str | None:
    """Return the savepoint that a failure would take us back to."""
    return next((one for one in reversed(connection.savepoint_ids) if one), None)


def _write(rows: Sequence[Row]) -> None:
    transaction.on_commit(announce)
    place = f"({OWN_TX[connection.vendor]}, {_PLACES})"
    with connection.cursor() as cursor:
        for start in range(0, len(rows), _AT_ONCE):
            part = rows[start : start + _AT_ONCE]
            cursor.execute(_INSERT + ", ".join([place] * len(part)), [value for row in part for value in row])
