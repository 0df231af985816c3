"""The front of the `web` process: one port, live push on the event loop, everything else to Django on threads.

Django's threads are few and persistent (each keeps its database connection), so nobody slow may hold one:
a request's body is received whole before Django sees it, and an answer is taken from Django at once and
sent at the visitor's own pace.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from django.conf import settings

from heartline.config.bridge import Bridge

Message = dict[str, Any]
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

THREADS = 4
IN_MEMORY = 256 * 1024
HELD = 64 * 1024 * 1024
SECONDS_FOR_A_BODY = 120
OVERHEAD = 2 * 1024 * 1024  # multipart boundaries and the other fields beside an attachment

# Django, and with it the visitor's language, is not reached by these: both languages are given.
WORDS = {
    400: ("The connection ended before everything had arrived. Nothing was saved", "连接中断，内容没有传完，没有保存"),
    408: ("This took too long to arrive. Nothing was saved. Try again", "上传太慢，没有传完，没有保存，可以重试"),
    413: ("This is larger than we take. Nothing was saved", "内容太大，没有保存"),
}


class Refused(Exception):
    """A request that is answered before Django sees it."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Live(Protocol):
    """Live push, as `heartline.ledger.live` serves it."""

    async def start(self) -> None:
        """Begin to follow the ledger."""

    async def stop(self) -> None:
        """End all streams; browsers resume where they were as soon as somebody answers again."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""


class Front:
    """The ASGI application: `/live` to the ledger's push, the rest to Django."""

    def __init__(self, django: Any, live: Live, threads: int = THREADS) -> None:
        self._django = Bridge(django, threads)
        self._live = live

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the life of the server."""
        if scope["type"] == "lifespan":
            await self._live_on(receive, send)
        elif scope["type"] == "http":
            is_live = scope["path"] == "/live" or scope["path"].startswith("/live/")
            await (self._live if is_live else self._page)(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1000})

    async def end_streams(self) -> None:
        """End live push before the server waits for requests to finish: streams never finish by themselves."""
        await self._live.stop()

    async def _live_on(self, receive: Receive, send: Send) -> None:
        await receive()
        await self._live.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with asyncio.timeout(SECONDS_FOR_A_BODY):
                body = await _received(scope, receive)
        except Refused as refused:
            await _refuse(send, refused.status)
        except TimeoutError:
            await _refuse(send, 408)
        else:
            await self._answered_by_django(scope, body, send)

    async def _answered_by_django(self, scope: Scope, body: Body, send: Send) -> None:
        answer = Answer(send)
        try:
            await answer.finish(await self._django.answer(scope, body.file, answer.take))
        finally:
            body.close()
            await answer.sent()


class Body:
    """A request's body, whole: in memory when small, in a temporary file when not."""

    def __init__(self) -> None:
        self.file = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by `close`
        self._size = 0

    def add(self, data: bytes) -> None:
        """Append what came in."""
        self._size += len(data)
        if self._size > limit():
            raise Refused(413)
        self.file.write(data)

    def rewind(self) -> None:
        """Get ready to be read."""
        self.file.seek(0)

    def close(self) -> None:
        """Let the memory or the file go."""
        self.file.close()


class Answer:
    """Django's answer on its way out: taken at once, sent as fast as the visitor reads.

    Of answers in parts, what all slow visitors together have not read yet is kept within HELD; beyond it Django waits.
    """

    held = 0

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: asyncio.Queue[Message | None] = asyncio.Queue()
        self._sender: asyncio.Future[None] | None = None

    async def take(self, message: Message) -> None:
        """Take the next part of the answer."""
        self._sender = self._sender or asyncio.ensure_future(self._send_all())
        while Answer.held > HELD:  # noqa: ASYNC110 - rare, and any of many readers may end it
            await asyncio.sleep(0.02)
        Answer.held += len(message.get("body", b""))
        self._waiting.put_nowait(message)

    async def finish(self, messages: list[Message]) -> None:
        """Send the rest of the answer; Django is not waiting for it any more."""
        for message in messages:
            await (self.take if self._sender else self._send)(message)

    async def sent(self) -> None:
        """Wait until everything taken was sent."""
        if self._sender:
            self._waiting.put_nowait(None)
            await self._sender

    async def _send_all(self) -> None:
        while (message := await self._waiting.get()) is not None:
            try:
                await self._send(message)
            finally:
                Answer.held -= len(message.get("body", b""))


def limit() -> int:
    """Return how many bytes a request may have."""
    return int(settings.ATTACHMENT_LIMIT) + OVERHEAD


async def _received(scope: Scope, receive: Receive) -> Body:
    _check_declared_size(scope)
    body = Body()
    try:
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refused(400)
            body.add(message.get("body", b""))
            more = message.get("more_body", False)
    except BaseException:
        body.close()
        raise
    body.rewind()
    return body


def _check_declared_size(scope: Scope) -> None:
    declared = [value for name, value in scope["headers"] if name == b"content-length"]
    if declared and int(declared[0]) > limit():
        raise Refused(413)


async def _refuse(send: Send, status: int) -> None:
    body = "\n".join(WORDS[status]).encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
