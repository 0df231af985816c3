"""The only writer of the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

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


def record(event: LedgerEvent, *, by: Actor, now: datetime, sample: bool) -> Entry:
    """Append one event; refuses to work outside the transaction that makes the change it tells of."""
    entry = _entry(event, by=by, now=now, sample=sample)
    entry.save(force_insert=True)
    return entry


def record_all(events: Iterable[tuple[LedgerEvent, bool]], *, by: Actor, now: datetime) -> None:
    """Append several events of one change at once, each with whether it belongs to the sample company."""
    Entry.objects.bulk_create([_entry(event, by=by, now=now, sample=sample) for event, sample in events])


def _entry(event: LedgerEvent, *, by: Actor, now: datetime, sample: bool) -> Entry:
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger event must be written in the transaction of its change")
    transaction.on_commit(announce)
    return Entry(
        epoch_tx=_transaction_number(),
        at=now,
        kind=event.kind,
        version=event.version,
        actor_kind=by.kind,
        actor_id=by.id,
        # a customer's name stands in their own row only, where erasure reaches it
        actor_name="" if by.kind == "customer" else by.name,
        cause=cause_of_this_work.get(),
        is_sample=sample,
        body=event.body(),
        **event.subjects(),
    )


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
