"""Limits on how often: per address, per person, per token, counted in the database so that all processes agree.

    check(f"rate:{source_of(request.client_address)}", 10, timedelta(minutes=1), now=now)

Count before the work and outside its transaction: a count that is rolled back with a refused change never grows.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from heartline.common.errors import TooMany
from heartline.people.models import RateCount

KEY_LENGTH = 120


def allow(key: str, limit: int, per: timedelta, *, now: datetime) -> bool:
    """Count one use of a key and return whether it is within `limit` uses per window of length `per`."""
    return take(key, 1, limit, per, now=now)


def take(key: str, amount: int, limit: int, per: timedelta, *, now: datetime) -> bool:
    """Count several uses at once and return whether all of them are within the limit; else none is counted."""
    name, window = _kept(key), window_of(per, now)
    if amount > limit:
        return False
    if _count_more(name, window, amount, limit):
        return True
    try:
        with transaction.atomic():
            ends_at = now + seconds_left(per, now=now)
            RateCount.objects.create(key=name, window=window, count=amount, ends_at=ends_at)
        return True
    except IntegrityError:  # somebody else counted first, or the limit is reached
        return _count_more(name, window, amount, limit)


def exhausted(key: str, limit: int, per: timedelta, *, now: datetime) -> bool:
    """Return whether a key has no use left in this window, without counting one."""
    return RateCount.objects.filter(key=_kept(key), window=window_of(per, now), count__gte=limit).exists()


def used(key: str, per: timedelta, *, now: datetime) -> int:
    """Return how many uses of a key were counted in this window."""
    counts = RateCount.objects.filter(key=_kept(key), window=window_of(per, now)).values_list("count", flat=True)
    return counts.first() or 0


def check(key: str, limit: int, per: timedelta, *, now: datetime) -> None:
    """Count one use of a key; raise TooMany when it is over the limit."""
    if not allow(key, limit, per, now=now):
        raise too_many(per, now=now)


def too_many(per: timedelta, *, now: datetime) -> TooMany:
    """Return the refusal for a key that is over its limit, saying when to come back."""
    wait = max(1, math.ceil(seconds_left(per, now=now).total_seconds()))
    return TooMany(_("Too many tries. Wait a minute, then try again"), retry_after=wait)


def seconds_left(per: timedelta, *, now: datetime) -> timedelta:
    """Return how long the window that holds `now` still lasts: when asking again makes sense."""
    end = (window_of(per, now) + 1) * per.total_seconds()
    return datetime.fromtimestamp(end, UTC) - now


def source_of(address: str) -> str:
    """Return what counts as one source: an IPv4 address, or the /64 network an IPv6 address is in."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def forget_past(*, now: datetime) -> int:
    """Remove the counts of windows that have ended; returns how many."""
    return RateCount.objects.filter(ends_at__lt=now).delete()[0]


def _count_more(name: str, window: int, amount: int, limit: int) -> bool:
    standing = RateCount.objects.filter(key=name, window=window, count__lte=limit - amount)
    return bool(standing.update(count=F("count") + amount))


def window_of(per: timedelta, now: datetime) -> int:
    """Return the number of the window that a moment lies in."""
    return int(now.timestamp() // per.total_seconds())


def _kept(key: str) -> str:
    """A key may hold what somebody typed: long ones are kept as a hash."""
    return key if len(key) <= KEY_LENGTH else hashlib.sha256(key.encode()).hexdigest()
