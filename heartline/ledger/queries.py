"""Reading the ledger in an order that cannot be overtaken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from heartline.ledger.models import Entry
from heartline.ledger.order import ENDLESS, safe_tx
from heartline.ledger.positions import START, Position


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it was recorded."""

    position: Position
    at: datetime
    kind: str
    actor_kind: str
    actor_id: int | None
    actor_name: str
    contact_id: int | None
    body: dict[str, Any]
    is_sample: bool = False


def read_after(position: Position, limit: int = 500) -> list[Recorded]:
    """Return the next settled events after a position, oldest first."""
    return [_recorded(entry) for entry in _after(position)[:limit]]


def kinds_after(position: Position, limit: int = 500) -> tuple[set[str], Position]:
    """Return of which kinds the next settled events after a position are, and the position of the last of them."""
    rows = list(_after(position).values_list("epoch_tx", "id", "kind")[:limit])
    return {kind for _tx, _id, kind in rows}, Position(*rows[-1][:2]) if rows else position


def read_one(position: Position) -> Recorded | None:
    """Return the event at a position, or None when there is none (any more: sample events go)."""
    entry = Entry.objects.filter(epoch_tx=position.tx, id=position.id).first()
    return _recorded(entry) if entry else None


def head() -> Position:
    """Return the position of the last settled event."""
    last = (
        Entry.objects.filter(epoch_tx__lt=safe_tx()).order_by("-epoch_tx", "-id").values_list("epoch_tx", "id").first()
    )
    return Position(*last) if last else START


def is_unsettled() -> bool:
    """Return whether events are committed that a transaction still running holds back (PostgreSQL only)."""
    horizon = safe_tx()
    return horizon != ENDLESS and Entry.objects.filter(epoch_tx__gte=horizon).exists()


def read_day(start: datetime, end: datetime, kinds: frozenset[str]) -> Iterator[Recorded]:
    """Yield the settled events of some kinds whose time lies in [start, end), oldest first."""
    entries = Entry.objects.filter(at__gte=start, at__lt=end, kind__in=kinds, epoch_tx__lt=safe_tx())
    return (_recorded(entry) for entry in entries.order_by("epoch_tx", "id").iterator(chunk_size=2000))


def read_about(contact_ids: Iterable[int], kinds: frozenset[str]) -> Iterator[Recorded]:
    """Yield the settled events of some kinds about some contacts; those of one contact come oldest first."""
    ids, horizon = list(contact_ids), safe_tx()
    for start in range(0, len(ids), 500):
        part = Entry.objects.filter(contact_id__in=ids[start : start + 500], kind__in=kinds, epoch_tx__lt=horizon)
        yield from (_recorded(entry) for entry in part.order_by("epoch_tx", "id").iterator(chunk_size=2000))


def read_of_customers(customer_ids: Iterable[int], kinds: frozenset[str]) -> Iterator[Recorded]:
    """Yield the settled events of some kinds about some customers, oldest first."""
    about = Entry.objects.filter(customer_id__in=list(customer_ids), kind__in=kinds, epoch_tx__lt=safe_tx())
    return (_recorded(entry) for entry in about.order_by("epoch_tx", "id").iterator(chunk_size=2000))


def read_kinds(kinds: frozenset[str]) -> Iterator[Recorded]:
    """Yield all settled events of some kinds, oldest first."""
    entries = Entry.objects.filter(kind__in=kinds, epoch_tx__lt=safe_tx())
    return (_recorded(entry) for entry in entries.order_by("epoch_tx", "id").iterator(chunk_size=2000))


def customer_numbers() -> list[int]:
    """Return the number of every customer whom an event is about."""
    about = Entry.objects.exclude(customer_id=None).order_by("customer_id")
    return [id for id in about.values_list("customer_id", flat=True).distinct() if id is not None]


def first_sample() -> Position | None:
    """Return the place of the sample company's first event, or None when it has none (any more)."""
    first = Entry.objects.filter(is_sample=True).order_by("id").values_list("epoch_tx", "id").first()
    return Position(*first) if first else None


def history(**subject: int) -> QuerySet[Entry]:
    """Return the entries about one subject (`customer_id=…`, `case_id=…`), newest first.

    The caller has checked that the reader may see the subject.
    """
    return Entry.objects.filter(**subject).order_by("-epoch_tx", "-id")


def _after(position: Position) -> QuerySet[Entry]:
    horizon = safe_tx()
    later = Q(epoch_tx=position.tx, id__gt=position.id) | Q(epoch_tx__gt=position.tx, epoch_tx__lt=horizon)
    found = Entry.objects.filter(later).order_by("epoch_tx", "id")
    return found if position.tx < horizon else Entry.objects.none()


def _recorded(entry: Entry) -> Recorded:
    return Recorded(
        position=Position(entry.epoch_tx, entry.id),
        at=entry.at,
        kind=entry.kind,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        actor_name=entry.actor_name,
        contact_id=entry.contact_id,
        body=entry.body,
        is_sample=entry.is_sample,
    )
