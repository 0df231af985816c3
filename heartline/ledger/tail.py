"""Waiting for the ledger to grow, without asking it all the time.

PostgreSQL tells listeners on commit (`LISTEN heartline_ledger`). SQLite has no such thing, but
`PRAGMA data_version` changes when another connection commits and costs a look at shared memory, so it can be
asked two hundred times a second while things happen, and fifty times a second when it is quiet. What this process
itself commits wakes its tails at once.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from typing import Any

from django.db import connection, connections

BUSY_PAUSE, QUIET_PAUSE = 0.005, 0.02
BUSY_FOR = 2.0
_sleeping: set[threading.Event] = set()
CHANNEL = "heartline_ledger"
SIGNALS = "heartline_signals"


def announce() -> None:
    """Wake the tails of this process: something was committed."""
    for event in tuple(_sleeping):
        event.set()


class Tail:
    """Belongs to one thread. `wait` returns when the ledger may have grown, or after the time-out."""

    def __init__(self) -> None:
        self._listener: Any = None
        self._version: int | None = None
        self._grew_at = 0.0
        self._grown = threading.Event()
        self.signals: list[dict[str, Any]] = []

    def wait(self, timeout: float) -> bool:
        """Return True when something was committed since the last call, False after `timeout` seconds."""
        return self._wait_postgresql(timeout) if connection.vendor == "postgresql" else self._wait_sqlite(timeout)

    def close(self) -> None:
        """Stop listening."""
        _sleeping.discard(self._grown)
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def take_signals(self) -> list[dict[str, Any]]:
        """Return the transient signals heard since the last call (PostgreSQL; on SQLite they stay in the process)."""
        heard, self.signals = self.signals, []
        return heard

    def _wait_sqlite(self, timeout: float) -> bool:
        until = time.monotonic() + timeout
        _sleeping.add(self._grown)
        while True:
            self._grown.clear()
            connection.ensure_connection()
            version = int(connection.connection.execute("PRAGMA data_version").fetchone()[0])
            now = time.monotonic()
            if version != self._version:
                self._version, self._grew_at = version, now
                return True
            if now >= until:
                return False
            self._grown.wait(BUSY_PAUSE if now - self._grew_at < BUSY_FOR else QUIET_PAUSE)

    def _wait_postgresql(self, timeout: float) -> bool:
        if self._listener is None or self._listener.closed:
            self._listener = _listening_connection()
            return True
        grown = False
        for notice in self._listener.notifies(timeout=timeout, stop_after=1):
            grown = self._heard(notice) or grown
        for notice in self._listener.notifies(timeout=0):
            grown = self._heard(notice) or grown
        return grown

    def _heard(self, notice: Any) -> bool:
        if notice.channel == SIGNALS:
            with contextlib.suppress(ValueError):
                self.signals.append(json.loads(notice.payload))
        return bool(notice.channel == CHANNEL or self.signals)


def _listening_connection() -> Any:
    """Return a connection of its own: one that listens cannot be shared with Django's transactions."""
    import psycopg

    parameters = connections["default"].get_connection_params()
    wanted = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port") if parameters.get(name)}
    listener = psycopg.connect(**wanted, autocommit=True)
    listener.execute(f"LISTEN {CHANNEL}")
    listener.execute(f"LISTEN {SIGNALS}")
    return listener
