"""From the event loop to Django's threads and back: a request goes over in one step, and so does a small answer.

Each crossing between threads costs as much as a question to the database. Only an answer of several parts is handed
over part by part, and Django waits until each was taken: who reads slowly must not have all of it kept in memory.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any

from a2wsgi.wsgi import build_environ

Message = dict[str, Any]
Take = Callable[[Message], Awaitable[None]]
Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Bridge:
    """An application of the WSGI kind on a few threads that last, each with its database connection."""

    def __init__(self, application: Application, threads: int) -> None:
        self._application = application
        self._threads = ThreadPoolExecutor(thread_name_prefix="WSGI", max_workers=threads)

    async def answer(self, scope: dict[str, Any], body: IO[bytes], take: Take) -> list[Message]:
        """Have one request answered whose body is there whole; returns what `take` was not given of the answer."""
        loop, context = asyncio.get_running_loop(), contextvars.copy_context()
        crossing = _Crossing(self._application, partial(_hand_over, loop, take))
        return await loop.run_in_executor(self._threads, context.run, crossing.run, _environ(scope, body))


class _Crossing:
    """One request's way through the application, in a thread."""

    def __init__(self, application: Application, hand_over: Callable[[list[Message]], None]) -> None:
        self._application = application
        self._hand_over = hand_over
        self._gathered: list[Message] = []

    def run(self, environ: dict[str, Any]) -> list[Message]:
        """Return what of the answer has not been handed over yet: all of it, mostly."""
        parts = self._application(environ, self._start)
        try:
            for part in parts:
                self._add(part)
        finally:
            getattr(parts, "close", lambda: None)()
        return [*self._gathered, {"type": "http.response.body", "body": b""}]

    def _start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        raw = [(name.strip().encode("latin1").lower(), value.strip().encode("latin1")) for name, value in headers]
        self._gathered.append({"type": "http.response.start", "status": int(status.partition(" ")[0]), "headers": raw})
        return self._add

    def _add(self, part: bytes) -> None:
        self._gathered.append({"type": "http.response.body", "body": part, "more_body": True})
        if len(self._gathered) > 2 or self._gathered[0]["type"] != "http.response.start":
            self._hand_over(self._gathered)
            self._gathered = []


def _environ(scope: Any, body: Any) -> dict[str, Any]:
    return dict(build_environ(scope, body))


def _hand_over(loop: asyncio.AbstractEventLoop, take: Take, messages: list[Message]) -> None:
    async def taken() -> None:
        for message in messages:
            await take(message)

    asyncio.run_coroutine_threadsafe(taken(), loop).result()
