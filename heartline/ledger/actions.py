"""The only writer of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from heartline.common.actors import Actor
from heartline.ledger.events import LedgerEvent
from heartline.ledger.models import Entry
from heartline.ledger.order import current_tx
from heartline.ledger.tail import announce

# The request or duty that is running, so that an entry can be traced to what set it off.
cause_of_this_work: ContextVar[str] = ContextVar("cause_of_this_work", default="")


class _Change:
    """The transaction that is under way."""

    tx: int | None = None


_changing: ContextVar[_Change | None] = ContextVar("changing", default=None)


_COLUMNS = tuple(str(field.column) for field in Entry._meta.concrete_fields if not field.primary_key)
# Every change of every room ends here: written straight, an entry costs a third of what saving an object does.
_NAMES, _PLACES = ", ".join(_COLUMNS), ", ".join(["%s"] * len(_COLUMNS))
_INSERT = f"INSERT INTO {Entry._meta.db_table} ({_NAMES}) VALUES ({_PLACES})"  # noqa: S608 - our own columns


def record(event: LedgerEvent, *, by: Actor, now: datetime, sample: bool) -> None:
    """Append one event; refuses to work outside the transaction that makes the change it tells of."""
    row = _row(event, by=by, now=now, sample=sample)
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, row)


def record_all(events: Iterable[tuple[LedgerEvent, bool]], *, by: Actor, now: datetime) -> None:
    """Append several events of one change at once, each with whether it belongs to the sample company."""
    rows = [_row(event, by=by, now=now, sample=sample) for event, sample in events]
    with connection.cursor() as cursor:
        cursor.executemany(_INSERT, rows)


def _row(event: LedgerEvent, *, by: Actor, now: datetime, sample: bool) -> list[Any]:
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger event must be written in the transaction of its change")
    transaction.on_commit(announce)
    values: dict[str, Any] = {
        "epoch_tx": _transaction_number(),
        "at": connection.ops.adapt_datetimefield_value(now),
        "kind": event.kind,
        "version": event.version,
        "actor_kind": by.kind,
        "actor_id": by.id,
        # a customer's name stands in their own row only, where erasure reaches it
        "actor_name": "" if by.kind == "customer" else by.name,
        "cause": cause_of_this_work.get(),
        "is_sample": sample,
        "body": connection.ops.adapt_json_value(event.body(), None),
        **event.subjects(),
    }
    return [values[column] for column in _COLUMNS]


@contextmanager
def one_change(*, may_fail: bool = False) -> Iterator[None]:
    """The transaction in which a change and its events are written together.

    A change made by another is a part of it, and when the part fails the whole does. Where the whole goes on all the
    same, the part is one that `may_fail`: it then costs a savepoint, two more questions to the database.
    """
    if (whole := _changing.get()) and not may_fail:
        with transaction.atomic(savepoint=False):
            yield
        return
    changing = _changing.set(whole or _Change())
    try:
        with transaction.atomic():
            yield
    finally:
        _changing.reset(changing)


def _transaction_number() -> int:
    """Return the number of the transaction, asked for once in it."""
    change = _changing.get()
    if change is None:
        return current_tx()
    if change.tx is None:
        change.tx = current_tx()
    return change.tx


def forget_sample() -> int:
    """Remove the entries of the sample company, the only ones the database lets go; returns how many."""
    return Entry.objects.filter(is_sample=True).delete()[0]
