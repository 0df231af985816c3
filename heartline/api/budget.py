"""How many requests a program may make a minute, counted for all processes without a write for each request.

A process takes requests from the shared count in blocks and gives them out from memory: together the processes
never give out more than the limit.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from heartline.people import limits

PER_MINUTE = 600
BLOCK = 20
MINUTE = timedelta(minutes=1)
LOCKS = 64


@dataclass(frozen=True)
class Left:
    """What is left of a minute: at least as it was when this process last looked."""

    requests: int
    seconds: int

    def headers(self) -> dict[str, str]:
        """Return it as programs read it."""
        return {
            "RateLimit-Limit": str(PER_MINUTE),
            "RateLimit-Remaining": str(self.requests),
            "RateLimit-Reset": str(self.seconds),
        }


def spent(now: datetime) -> Left:
    """Return what somebody has who has nothing left."""
    return Left(0, math.ceil(limits.seconds_left(MINUTE, now=now).total_seconds()))


@dataclass(frozen=True)
class _Block:
    """Requests that this process may give out, and those that nobody had taken when it took them."""

    ends_at: datetime
    own: int
    untaken: int


class Budget:
    """Requests that were taken from the shared count and not given out yet. Safe to use from several threads."""

    def __init__(self) -> None:
        self._locks = [threading.Lock() for _ in range(LOCKS)]
        self._blocks: dict[str, _Block] = {}

    def check(self, key: str, *, now: datetime) -> Left:
        """Give out one request and return what is left, or raise TooMany when this minute's are used up."""
        remaining = limits.seconds_left(MINUTE, now=now)
        with self._lock_of(key):
            block = self._of_this_minute(key, now + remaining)
            if block.own == 0:
                block = self._take(key, block.ends_at, now)
            block = self._blocks[key] = replace(block, own=block.own - 1)
        return Left(block.own + block.untaken, math.ceil(remaining.total_seconds()))

    def forget(self) -> None:
        """Give back nothing and start anew; for tests, whose databases come and go."""
        self._blocks.clear()

    def _lock_of(self, key: str) -> threading.Lock:
        """Return the lock of a key, shared with few others: who takes from the shared count may wait for the database."""
        return self._locks[hash(key) % LOCKS]

    def _of_this_minute(self, key: str, ends_at: datetime) -> _Block:
        if len(self._blocks) > 10_000:
            self._blocks.clear()
        block = self._blocks.get(key)
        return block if block and block.ends_at == ends_at else _Block(ends_at, 0, 0)

    def _take(self, key: str, ends_at: datetime, now: datetime) -> _Block:
        if not limits.take(key, BLOCK, PER_MINUTE, MINUTE, now=now):
            raise limits.too_many(MINUTE, now=now)
        return _Block(ends_at, BLOCK, max(0, PER_MINUTE - limits.used(key, MINUTE, now=now)))


BUDGET = Budget()
