"""Bounds on frequent requests of one browser and of one source, kept in the memory of each process.

What is rare and costly is counted in the database (`heartline.people.limits`), where all processes agree. A sign that
somebody types, or a message among many, is not worth two writes more; here it is enough that nobody can keep one
process busy.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass

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

    def forget(self) -> None:
        """Start anew; for tests, whose browsers come and go."""
        with self._lock:
            self._left.clear()


@dataclass(frozen=True, kw_only=True)
class Bound:
    """How often one browser may ask for something, and how often all browsers of one source together."""

    of_browser: Throttle
    of_source: Throttle | None = None

    def allows(self, browser: str, source: str, at: float) -> bool:
        """Count one request at a moment (monotonic seconds) and return whether both bounds let it through."""
        return self.of_browser.allows(browser, at) and (self.of_source is None or self.of_source.allows(source, at))

    def forget(self) -> None:
        """Start anew; for tests, whose browsers come and go."""
        self.of_browser.forget()
        if self.of_source:
            self.of_source.forget()
