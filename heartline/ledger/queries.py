"""Reading the ledger in an order that cannot be overtaken."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from pydantic_core import from_json

from heartline.common.questions import written_once
from heartline.ledger import order
from heartline.ledger.change import write_now
from heartline.ledger.models import Entry
from heartline.ledger.order import ENDLESS, after, between, is_one_writer
from heartline.ledger.positions import START, Position


class Recorded(NamedTuple):
    """An event as it was recorded. A year has millions: what reads and makes them is chosen for its cost."""

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
    return [_recorded(row) for row in _next(*order.bounds(position), limit=limit, one_writer=is_one_writer())]


@written_once
def _next(tx: int, id: int, horizon: int, *, limit: int, one_writer: bool) -> QuerySet[Entry, Any]:
    return _whole(between(tx, id, horizon, one_writer=one_writer)[:limit])


def kinds_after(position: Position, limit: int = 500) -> tuple[set[str], Position]:
    """Return of which kinds the next settled events after a position are, and the position of the last of them."""
    rows = _next_kinds(*order.bounds(position), limit=limit, one_writer=is_one_writer())
    return {kind for _tx, _id, kind in rows}, Position(*rows[-1][:2]) if rows else position


@written_once
def _next_kinds(tx: int, id: int, horizon: int, *, limit: int, one_writer: bool) -> QuerySet[Entry, Any]:
    return between(tx, id, horizon, one_writer=one_writer).values_list("epoch_tx", "id", "kind")[:limit]


def read_one(position: Position) -> Recorded | None:
    """Return the event at a position, or None when there is none (any more: sample events go)."""
    return next(_told(Entry.objects.filter(epoch_tx=position.tx, id=position.id)), None)


def head() -> Position:
    """Return the position of the last settled event."""
    last = _last_below(order.safe_tx())
    return Position(*last[0]) if last else START


@written_once
def _last_below(horizon: int) -> QuerySet[Entry, tuple[int, int]]:
    below = Entry.objects.filter(epoch_tx__lt=horizon)
    return below.order_by("-epoch_tx", "-id").values_list("epoch_tx", "id")[:1]


def is_unsettled() -> bool:
    """Return whether events are committed that a transaction still running holds back (PostgreSQL only)."""
    horizon = order.safe_tx()
    return horizon != ENDLESS and Entry.objects.filter(epoch_tx__gte=horizon).exists()


def read_day(start: datetime, end: datetime, kinds: frozenset[str]) -> Iterator[Recorded]:
    """Yield the settled events of some kinds whose time lies in [start, end), oldest first."""
    entries = Entry.objects.filter(at__gte=start, at__lt=end, kind__in=kinds, epoch_tx__lt=order.safe_tx())
    return _told(entries.order_by("epoch_tx", "id"))


def read_since(start: datetime, kinds: frozenset[str]) -> Iterator[Recorded]:
    """Yield the settled events of some kinds from a moment on, oldest first."""
    entries = Entry.objects.filter(at__gte=start, kind__in=kinds, epoch_tx__lt=order.safe_tx())
    return _told(entries.order_by("epoch_tx", "id"))


def read_about(contact_ids: Iterable[int], kinds: frozenset[str]) -> Iterator[Recorded]:
    """Yield the settled events of some kinds about some contacts; those of one contact come oldest first."""
    ids, horizon = list(contact_ids), order.safe_tx()
    for start in range(0, len(ids), 500):
        part = Entry.objects.filter(contact_id__in=ids[start : start + 500], kind__in=kinds, epoch_tx__lt=horizon)
        yield from _told(part.order_by("epoch_tx", "id"))


def read_of_customers(
    customer_ids: Iterable[int], kinds: frozenset[str], upto: Position
) -> Iterator[tuple[int, Iterator[Recorded]]]:
    """Yield customers, each with the settled events of some kinds about them up to a place, oldest first.

    As with `itertools.groupby`, the events of one are to be read before the next one is asked for.
    """
    about = Entry.objects.filter(customer_id__in=list(customer_ids), kind__in=kinds, epoch_tx__lt=order.safe_tx())
    # where one writes at a time, ids are in order as they lie in the index
    places = ("customer_id", "id") if is_one_writer() else ("customer_id", "epoch_tx", "id")
    rows = _rows(about.order_by(*places), "customer_id")
    for customer_id, told in groupby(rows, key=itemgetter(-1)):
        yield customer_id, (event for event in map(_recorded, told) if event.position <= upto)


def read_kinds(kinds: frozenset[str], upto: Position, at_once: int = 2000) -> Iterator[Recorded]:
    """Yield all events of some kinds up to a place, oldest first, in short readings of their own."""
    place = START
    while place < upto and (told := list(_told(after(place).filter(kind__in=kinds)[:at_once]))):
        yield from (event for event in told if event.position <= upto)
        place = told[-1].position


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
    write_now()
    return Entry.objects.filter(**subject).order_by("-epoch_tx", "-id")


def _told(entries: QuerySet[Entry]) -> Iterator[Recorded]:
    return map(_recorded, _rows(entries))


# As text and numbers: a year has millions of events, and Django's way from column to value costs more than the reading.
_PLAIN = {
    "moment": Cast("at", TextField()),
    "told": Cast("body", TextField()),
    "sample": Cast("is_sample", TextField()),
}
YES = ("1", "true")
_COLUMNS = ("epoch_tx", "id", "moment", "kind", "actor_kind", "actor_id", "actor_name", "contact_id", "told", "sample")


def _rows(entries: QuerySet[Entry], *more: str) -> Iterator[tuple[Any, ...]]:
    return iter(_whole(entries, *more).iterator(chunk_size=2000))


def _whole(entries: QuerySet[Entry], *more: str) -> QuerySet[Entry, Any]:
    return entries.annotate(**_PLAIN).values_list(*_COLUMNS, *more)


def _recorded(row: tuple[Any, ...]) -> Recorded:
    tx, id, moment, kind, actor_kind, actor_id, actor_name, contact_id, told, sample, *_more = row
    at, body = _moment(moment), _body(told)
    return Recorded(Position(tx, id), at, kind, actor_kind, actor_id, actor_name, contact_id, body, sample in YES)


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _body(told: str) -> dict[str, Any]:
    try:
        body: dict[str, Any] = from_json(told)
    except ValueError:  # half of a surrogate pair, which only the slower reader takes
        body = json.loads(told)
    return body
