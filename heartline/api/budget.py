"""How many requests a program may make a minute, counted for all processes without a write for each request.

A process takes requests from the shared count in blocks and gives them out from memory: together the processes
never give out more than the limit.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from heartline.people import limits

PER_MINUTE = 600
BLOCK = 20
MINUTE = timedelta(minutes=1)


class Budget:
    """Requests that were taken from the shared count and not given out yet. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._left: dict[str, tuple[datetime, int]] = {}

    def check(self, key: str, *, now: datetime) -> None:
        """Give out one request, or raise TooMany when this minute's are used up."""
        ends_at = now + limits.seconds_left(MINUTE, now=now)
        with self._lock:
            left = self._of_this_minute(key, ends_at)
            if left == 0:
                left = self._take(key, now)
            self._left[key] = (ends_at, left - 1)

    def forget(self) -> None:
        """Give back nothing and start anew; for tests, whose databases come and go."""
        with self._lock:
            self._left.clear()

    def _of_this_minute(self, key: str, ends_at: datetime) -> int:
        if len(self._left) > 10_000:
            self._left.clear()
        until, left = self._left.get(key, (ends_at, 0))
        return left if until == ends_at else 0

    def _take(self, key: str, now: datetime) -> int:
        if not limits.take(key, BLOCK, PER_MINUTE, MINUTE, now=now):
            raise limits.too_many(MINUTE, now=now)
        return BLOCK


BUDGET = Budget()
