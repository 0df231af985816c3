"""The only writer of the ledger."""

from __future__ import annotations

from contextlib import AbstractContextManager
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


def record(event: LedgerEvent, *, by: Actor, now: datetime, sample: bool) -> Entry:
    """Append one event; refuses to work outside the transaction that makes the change it tells of."""
    if not connection.in_atomic_block:
        raise RuntimeError("a ledger event must be written in the transaction of its change")
    transaction.on_commit(announce)
    return Entry.objects.create(
        epoch_tx=current_tx(),
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


def one_change() -> AbstractContextManager[Any]:
    """Return the transaction in which a change and its events are written together."""
    return transaction.atomic()


def forget_sample() -> int:
    """Remove the entries of the sample company, the only ones the database lets go; returns how many."""
    return Entry.objects.filter(is_sample=True).delete()[0]
