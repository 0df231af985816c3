"""Electing one dispatcher: a lease of two seconds that whoever dispatches keeps renewing.

A holder that was stopped and wakes up again still believes in its lease. Therefore every change of holder raises
`fence`, and whatever a dispatcher writes is refused inside its own transaction when the fence has moved on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q, QuerySet

from heartline.common import clock
from heartline.common.questions import written_once
from heartline.routing.models import DispatcherLease

NAME = "dispatcher"
# With the pause of those who stand by, a dispatcher that died is followed within three seconds.
LENGTH = timedelta(seconds=2)


def claim(holder: str) -> int | None:
    """Take or renew the lease; returns its fence while `holder` has it, None while somebody else does."""
    now = database_now()
    held = DispatcherLease.objects.filter(name=NAME, holder=holder)
    if not held.update(expires_at=now + LENGTH):
        _take_over(holder, now)
    return held.values_list("fence", flat=True).first()


def release(holder: str) -> None:
    """Let the lease go, so that the next dispatcher need not wait for its end."""
    DispatcherLease.objects.filter(name=NAME, holder=holder).update(holder="", expires_at=database_now())


def stands(fence: int) -> bool:
    """Return whether a fence is still the newest; until the transaction ends nobody can move it on."""
    return bool(_lock(fence))


@written_once
def _lock(fence: int) -> QuerySet[DispatcherLease]:
    return DispatcherLease.objects.select_for_update(no_key=True).filter(name=NAME, fence=fence)


def database_now() -> datetime:
    """Return the time by the one clock that all candidates share: the server's, or this machine's for SQLite."""
    if connection.vendor != "postgresql":
        return clock.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        (moment,) = cursor.fetchone()
    assert isinstance(moment, datetime)
    return moment


def _take_over(holder: str, now: datetime) -> None:
    # An end that lies further ahead than any lease reaches was written before the clock was set back.
    ended = Q(expires_at__lte=now) | Q(expires_at__gt=now + 2 * LENGTH)
    free = DispatcherLease.objects.filter(ended, name=NAME)
    if free.update(holder=holder, fence=F("fence") + 1, expires_at=now + LENGTH):
        return
    if not DispatcherLease.objects.filter(name=NAME).exists():
        try:
            with transaction.atomic():
                DispatcherLease.objects.create(name=NAME, holder=holder, fence=1, expires_at=now + LENGTH)
        except IntegrityError:
            return  # another candidate was first
