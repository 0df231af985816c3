"""A bound on cheap, frequent requests of one browser, kept in the memory of each process.

What is costly is counted in the database (`heartline.people.limits`), where all processes agree. A sign that somebody
types is not worth a write; here it is enough that no browser can keep one process busy.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

KEPT = 10_000


class Throttle:
    """Lets a key through `limit` times in `seconds`, with bursts of that size."""

    def __init__(self, limit: int, seconds: float) -> None:
        self._limit = float(limit)
        self._rate = limit / seconds
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def allows(self, key: str, at: float) -> bool:
        """Count one use of a key at a moment (monotonic seconds) and return whether it is within the bound."""
        with self._lock:
            left, before = self._left.pop(key, (self._limit, at))
            left = min(self._limit, left + (at - before) * self._rate)
            allowed = left >= 1
            self._left[key] = (left - 1 if allowed else left, at)
            if len(self._left) > KEPT:
                self._left.popitem(last=False)
        return allowed
