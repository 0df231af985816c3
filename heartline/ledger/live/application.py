"""The ASGI face of live push: `/live/staff` for people, `/live/visitor` for customers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

from heartline.ledger.live.frames import RESET, hello
from heartline.ledger.live.hub import Hub
from heartline.ledger.live.reader import LedgerReader, missed_from_ledger
from heartline.ledger.live.streams import Reader, Stream
from heartline.ledger.positions import Position

log = logging.getLogger(__name__)
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Authenticate = Callable[[dict[str, str], dict[str, str]], Reader | None]
START_SECONDS = 30
BEAT_SECONDS = 15
BEAT_TURNS = 15  # a heartbeat to all at once would keep what is said waiting behind it
SEEN_SECONDS = 10
RIGHTS_SECONDS = 4
STREAMS_PER_READER = 12


class LiveApplication:
    """Serves event streams. `doors` maps a path to what recognises its readers from headers and query.

    `on_seen` is told every few seconds which people and contacts have an open stream; `still_valid` returns the
    session keys, of those given, that have not ended. All three run in threads.
    """

    def __init__(
        self,
        doors: Mapping[str, Authenticate],
        *,
        on_seen: Callable[[list[int], list[int]], None],
        still_valid: Callable[[set[str]], set[str]],
    ) -> None:
        self._doors = doors
        self._on_seen = on_seen
        self._still_valid = still_valid
        self.hub = Hub()
        self._reader: LedgerReader | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._turn = 0

    async def start(self) -> None:
        """Begin to follow the ledger; returns once whatever is written from now on will be delivered."""
        self._reader = LedgerReader(self.hub, asyncio.get_running_loop())
        self._reader.start()
        await asyncio.wait_for(self._reader.has_begun.wait(), START_SECONDS)
        chores = (
            (BEAT_SECONDS / BEAT_TURNS, self._beat),
            (SEEN_SECONDS, self._tell_seen),
            (RIGHTS_SECONDS, self._drop_ended),
        )
        self._tasks = [asyncio.create_task(_every(seconds, chore)) for seconds, chore in chores]

    async def stop(self) -> None:
        """End all streams and the reading thread."""
        for task in self._tasks:
            task.cancel()
        for stream in list(self.hub.streams):
            stream.close(b"")
        if self._reader:
            await asyncio.to_thread(self._reader.stop)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        authenticate = self._doors.get(scope["path"])
        if authenticate is None or scope["method"] != "GET":
            await _refuse(send, 404 if authenticate is None else 405)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        asked = {name: values[0] for name, values in parse_qs(scope.get("query_string", b"").decode("latin-1")).items()}
        reader = await asyncio.to_thread(authenticate, headers, asked)
        if reader is None:
            await _refuse(send, 401)
        elif self.hub.open_streams_of(reader) >= STREAMS_PER_READER:
            await _refuse(send, 429)
        else:
            await self._serve(reader, _resume_point(headers, asked), receive, send)

    async def _serve(self, reader: Reader, after: Position | None, receive: Receive, send: Send) -> None:
        stream = Stream(reader, after or self.hub.position)
        self.hub.add(stream)
        await send({"type": "http.response.start", "status": 200, "headers": _STREAM_HEADERS})
        gone = asyncio.create_task(_until_gone(receive))
        gone.add_done_callback(lambda _: stream.close(b""))
        try:
            await _send_body(send, hello(stream.position, BEAT_SECONDS))
            if await self._catch_up(stream):
                await _pump(stream, send)
            else:
                await _send_body(send, RESET)
        finally:
            gone.cancel()
            self.hub.remove(stream)
        with contextlib.suppress(Exception):
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _catch_up(self, stream: Stream) -> bool:
        """Give a stream what it missed; False when it is too far behind and must start anew."""
        missed = self.hub.missed_since(stream.position, stream.reader)
        if missed is None:
            missed = await asyncio.to_thread(missed_from_ledger, stream.position, stream.reader)
        if missed is None:
            return False
        stream.start(missed)
        return True

    async def _beat(self) -> None:
        self._turn = (self._turn + 1) % BEAT_TURNS
        self.hub.beat(self._turn, BEAT_TURNS)

    async def _tell_seen(self) -> None:
        readers = [stream.reader for stream in self.hub.streams]
        people = sorted({one.person_id for one in readers if one.person_id})
        contacts = sorted({one.contact_id for one in readers if one.contact_id})
        if people or contacts:
            await asyncio.to_thread(self._on_seen, people, contacts)

    async def _drop_ended(self) -> None:
        """Close the streams of sessions that have ended: signed out, expired, or ended by an administrator."""
        keys = {stream.reader.session_key for stream in self.hub.streams if stream.reader.session_key}
        valid = await asyncio.to_thread(self._still_valid, keys) if keys else set()
        for stream in list(self.hub.streams):
            if stream.reader.session_key in keys - valid:
                self.hub.change_reader(stream, None, start_anew=False)


_STREAM_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
]


def _resume_point(headers: dict[str, str], asked: dict[str, str]) -> Position | None:
    """Return the position to resume after: the browser's `Last-Event-ID`, else `?after=`."""
    return Position.parse(headers.get("last-event-id", "")) or Position.parse(asked.get("after", ""))


async def _pump(stream: Stream, send: Send) -> None:
    """Send what is queued until the stream is closed, by us or because its reader is gone."""
    while not stream.has_ended:
        frames = await stream.next_frames()
        if frames:
            await _send_body(send, frames)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _send_body(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    """Answer with a constant body: an error never tells about anybody else."""
    headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b'{"code":"refused"}'})


async def _every(seconds: float, chore: Callable[[], Awaitable[None]]) -> None:
    while True:
        await asyncio.sleep(seconds)
        try:
            await chore()
        except Exception:
            log.exception("a chore of the live streams failed; it is done again next time")
