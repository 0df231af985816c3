"""Connections that waste ours: silent ones, and those that send their request's head drop by drop or without end.

uvicorn waits for a head as long as it takes and as much as comes. Bodies are the front's affair.
"""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SECONDS_FOR_A_HEAD = 20.0
LONGEST_HEAD = 64 * 1024


class Connection(HttpToolsProtocol):
    """A connection that must speak, must finish its request's head in time, and must keep it short."""

    def connection_made(self, transport: Any) -> None:
        """Wait for a request, but not for ever."""
        super().connection_made(transport)
        self._head_bytes = 0
        self._deadline: asyncio.TimerHandle | None = self.loop.call_later(SECONDS_FOR_A_HEAD, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Take what came in; what is still only a head is measured and timed."""
        self._head_bytes += len(data) if self._between_requests() else 0
        if self._head_bytes > LONGEST_HEAD and self._between_requests():
            self._give_up()
            return
        super().data_received(data)
        if not self._between_requests():
            self._head_bytes = 0
            self._stop_waiting()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(SECONDS_FOR_A_HEAD, self._give_up)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _between_requests(self) -> bool:
        cycle = getattr(self, "cycle", None)  # none before the first request
        return cycle is None or bool(cycle.response_complete)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.close()
