"""The only writer of the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from django.db import connection

from heartline.common.actors import Actor
from heartline.ledger.change import NAMES, keep, one_change
from heartline.ledger.events import LedgerEvent
from heartline.ledger.models import Entry

__all__ = ["cause_of_this_work", "forget_sample", "one_change", "record", "record_all"]

# The request or duty that is running, so that an entry can be traced to what set it off.
cause_of_this_work: ContextVar[str] = ContextVar("cause_of_this_work", default="")


def record(event: LedgerEvent, *, by: Actor, now: datetime, sample: bool) -> None:
    """Append one event; refuses to work outside the transaction that makes the change it tells of."""
    keep([_row(event, by=by, now=now, sample=sample)])


def record_all(events: Iterable[tuple[LedgerEvent, bool]], *, by: Actor, now: datetime) -> None:
    """Append several events of one change at once, each with whether it belongs to the sample company."""
    keep([_row(event, by=by, now=now, sample=sample) for event, sample in events])


def _row(event: LedgerEvent, *, by: Actor, now: datetime, sample: bool) -> list[Any]:
    values: dict[str, Any] = {
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
    return [values[column] for column in NAMES]


def forget_sample() -> int:
    """Remove the entries of the sample company, the only ones the database lets go; returns how many."""
    return Entry.objects.filter(is_sample=True).delete()[0]
