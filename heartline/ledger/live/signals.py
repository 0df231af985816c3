"""Transient signals: somebody is typing. They are not history, so they are not in the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from heartline.ledger.tail import SIGNALS

_local_listeners: list[Callable[[dict[str, Any]], None]] = []


def signal(names: Iterable[str], data: dict[str, Any]) -> None:
    """Send data to whoever holds one of the topics now.

    On PostgreSQL it reaches the streams of every process; with SQLite there is one process that serves streams.
    """
    message = {"topics": sorted(names), "data": data}
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [SIGNALS, json.dumps(message)])
        return
    for listener in _local_listeners:
        listener(message)


def listen_locally(listener: Callable[[dict[str, Any]], None]) -> None:
    """Hear the signals of this process (SQLite)."""
    _local_listeners.append(listener)


def stop_listening(listener: Callable[[dict[str, Any]], None]) -> None:
    """Hear them no longer."""
    _local_listeners.remove(listener)
