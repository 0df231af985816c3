"""Sealing the ledger in hash-chained batches, and checking the chain.

Done by a background duty, never on the write path. A seal covers the entries since the seal before it and that
seal's hash: changing, removing or inserting an old entry breaks every seal after it. The sample company's
entries are not sealed, because they may be removed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from heartline.ledger.models import Entry, Seal
from heartline.ledger.order import after
from heartline.ledger.positions import START, Position

BATCH = 5000
GENESIS = "0" * 64


def seal(*, now: datetime) -> int:
    """Seal the settled entries that are not sealed yet, at most one batch; returns how many.

    They are read and hashed before anything is locked: others write meanwhile. If somebody else has sealed by then, nothing is done.
    """
    before = _last()
    position = Position(before.last_tx, before.last_id) if before else START
    batch = list(after(position).filter(is_sample=False)[:BATCH])
    if not batch:
        return 0
    hash = chain(before.hash if before else GENESIS, batch)
    with transaction.atomic():
        if _last(Seal.objects.select_for_update()) != before:
            return 0
        Seal.objects.create(
            last_tx=batch[-1].epoch_tx, last_id=batch[-1].id, count=len(batch), hash=hash, sealed_at=now
        )
    return len(batch)


def verify() -> list[str]:
    """Check every seal against the entries it covers; returns a sentence for each break, none when all hold."""
    problems, position, previous = [], START, GENESIS
    for one in Seal.objects.order_by("id").iterator():
        end = Position(one.last_tx, one.last_id)
        batch = list(_between(position, end))
        if len(batch) != one.count or chain(previous, batch) != one.hash:
            problems.append(
                f"Seal {one.id}, made {one.sealed_at:%Y-%m-%d %H:%M} UTC, does not match its {one.count} entries"
            )
        position, previous = end, one.hash
    return problems


def chain(previous: str, entries: Iterable[Entry]) -> str:
    """Return the SHA-256 over the previous hash and the entries in their canonical JSON form."""
    digest = hashlib.sha256(previous.encode())
    for entry in entries:
        digest.update(_canonical(entry))
    return digest.hexdigest()


def _canonical(entry: Entry) -> bytes:
    values = [entry.id, entry.epoch_tx, entry.at.isoformat(), entry.kind, entry.version]
    values += [entry.actor_kind, entry.actor_id, entry.actor_name, entry.cause, entry.body]
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _last(seals: QuerySet[Seal] | None = None) -> Seal | None:
    return (Seal.objects.all() if seals is None else seals).order_by("-id").first()


def _between(start: Position, end: Position) -> QuerySet[Entry]:
    upto = Q(epoch_tx=end.tx, id__lte=end.id) | Q(epoch_tx__lt=end.tx)
    return after(start).filter(upto, is_sample=False)
