"""What the router reads of the controls, as parts of its own queries: no control costs a query of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Subquery

from heartline.routing.controls.models import QueuePause

# Of each waiting contact: how it stands by its supervisors.
OF_WAITING = {
    "manual_seconds": F("control__manual_seconds"),
    "pinned_to": F("control__pinned_to"),
    "pinned_until": F("control__pinned_until"),
}


def paused_until(queue: str = "queue_id") -> Subquery:
    """Return, for a query about contacts, until when the queue of each is paused; its reader compares it with the time."""
    return Subquery(_open_pauses(queue).values("until")[:1])


def is_paused(now: datetime, queue: str = "queue_id") -> Exists:
    """Return, for a query about contacts, whether the queue of each is paused now."""
    return Exists(_open_pauses(queue).filter(until__gt=now))


def _open_pauses(queue: str) -> Any:
    return QueuePause.objects.filter(queue_id=OuterRef(queue), ended_at=None)
