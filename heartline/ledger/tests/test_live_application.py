"""The live application over ASGI: it greets, delivers, resumes exactly, and ends with the session."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connections

from heartline.common.actors import Actor
from heartline.ledger.actions import one_change, record
from heartline.ledger.live import LiveApplication, Reader, application, reader, signal
from heartline.ledger.live.frames import Delivery, deliveries
from heartline.ledger.queries import Recorded, head
from heartline.ledger.tests.events import Noted

NOW = datetime(2026, 11, 26, tzinfo=UTC)
STAFF = Reader(frozenset({"queue:1"}), person_id=9, session_key="open")


class Connection:
    """A browser's end of a stream."""

    def __init__(self, app: LiveApplication, path: str, query: str = "", headers: dict[str, str] | None = None) -> None:
        self.status = 0
        self._text = ""
        self._grown = asyncio.Event()
        self._gone = asyncio.Event()
        pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        scope = {"type": "http", "method": "GET", "path": path, "query_string": query.encode(), "headers": pairs}
        self.task = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self._text += message.get("body", b"").decode()
        self._grown.set()

    async def until(self, wanted: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """Wait until what came in is as wanted, and return it."""
        async with asyncio.timeout(10):
            while not wanted(self.frames()):
                self._grown.clear()
                await self._grown.wait()
        return self.frames()

    def frames(self) -> list[dict[str, Any]]:
        """Return the whole frames so far: event, id, data."""
        found = []
        for block in self._text.split("\n\n")[:-1]:
            lines = dict(line.split(": ", 1) for line in block.splitlines() if not line.startswith(":"))
            if lines:
                found.append({**lines, "data": json.loads(lines["data"])})
        return found

    def leave(self) -> None:
        """Close the browser's end."""
        self._gone.set()


def _write(*texts: str, queue_id: int = 1, contact_id: int | None = None) -> None:
    for text in texts:
        with one_change():
            note = Noted(text=text, queue_id=queue_id, contact_id=contact_id)
            record(note, by=Actor.system("test"), now=NOW, sample=False)
    connections.close_all()


def _texts(frames: list[dict[str, Any]]) -> list[str]:
    return [frame["data"]["body"]["text"] for frame in frames if frame["event"] == "change"]


def _always(reader: Reader | None) -> Callable[[dict[str, str], dict[str, str]], Reader | None]:
    return lambda headers, asked: reader


def _run(scenario: Callable[[LiveApplication], Coroutine[Any, Any, None]], **doors: Reader | None) -> None:
    async def whole() -> None:
        app = LiveApplication(
            {f"/live/{name}": _always(reader) for name, reader in doors.items()},
            on_seen=lambda people, contacts: None,
            still_valid=lambda keys: keys - {"ended"},
        )
        await app.start()
        try:
            await asyncio.wait_for(scenario(app), 30)
        finally:
            await app.stop()

    asyncio.run(whole())


@pytest.mark.django_db(transaction=True)
def test_it_delivers_what_is_committed_and_resumes_exactly() -> None:
    async def scenario(app: LiveApplication) -> None:
        first = Connection(app, "/live/staff")
        await first.until(bool)
        await asyncio.to_thread(_write, "one", "two", "three")
        frames = await first.until(lambda frames: len(_texts(frames)) == 3)
        assert frames[0]["event"] == "hello"
        first.leave()
        await first.task
        second_id = next(frame["id"] for frame in frames if frame["event"] == "change" and _texts([frame]) == ["two"])
        await asyncio.to_thread(_write, "four")
        again = Connection(app, "/live/staff", headers={"last-event-id": second_id})
        assert _texts(await again.until(lambda frames: len(_texts(frames)) == 2)) == ["three", "four"]
        again.leave()
        await again.task

    _run(scenario, staff=STAFF)


@pytest.mark.django_db(transaction=True)
def test_what_memory_no_longer_holds_is_replayed_from_the_ledger() -> None:
    position = str(head())
    _write("before the server started", "and again")

    async def scenario(app: LiveApplication) -> None:
        late = Connection(app, "/live/staff", f"after={position}")
        frames = await late.until(lambda frames: len(_texts(frames)) == 2)
        assert _texts(frames) == ["before the server started", "and again"]
        late.leave()
        await late.task

    _run(scenario, staff=STAFF)


@pytest.mark.django_db(transaction=True)
def test_what_nobody_hears_is_put_into_words_for_whoever_resumes(monkeypatch: pytest.MonkeyPatch) -> None:
    worded = list[int]()

    def counted(batch: list[Recorded]) -> list[Delivery]:
        worded.append(len(batch))
        return deliveries(batch)

    monkeypatch.setattr(reader, "deliveries", counted)

    async def scenario(app: LiveApplication) -> None:
        before = app.hub.position
        await asyncio.to_thread(_write, "one", "two")
        async with asyncio.timeout(10):
            while app.hub.position == before:  # noqa: ASYNC110 - what moves it is another thread
                await asyncio.sleep(0.01)
        assert worded == []
        late = Connection(app, "/live/staff", f"after={before}")
        assert _texts(await late.until(lambda frames: len(_texts(frames)) == 2)) == ["one", "two"]
        late.leave()
        await late.task

    _run(scenario, staff=STAFF)


@pytest.mark.django_db(transaction=True)
def test_who_is_too_far_behind_starts_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("heartline.ledger.live.reader.REPLAY_LIMIT", 1)
    position = str(head())
    _write("one", "two", "three")

    async def scenario(app: LiveApplication) -> None:
        late = Connection(app, "/live/staff", f"after={position}")
        frames = await late.until(lambda frames: frames[-1:] != [] and frames[-1]["event"] == "reset")
        assert _texts(frames) == []
        await late.task

    _run(scenario, staff=STAFF)


@pytest.mark.django_db(transaction=True)
def test_others_work_and_private_words_do_not_reach_a_reader() -> None:
    async def scenario(app: LiveApplication) -> None:
        staff = Connection(app, "/live/staff")
        visitor = Connection(app, "/live/visitor")
        await staff.until(bool)
        await visitor.until(bool)
        await asyncio.to_thread(_write, "another queue's", queue_id=2)
        await asyncio.to_thread(_write, "another customer's", contact_id=8)
        await asyncio.to_thread(_write, "theirs", contact_id=7)
        assert _texts(await staff.until(lambda frames: len(_texts(frames)) == 2)) == ["another customer's", "theirs"]
        frames = await visitor.until(lambda frames: bool(_texts(frames)))
        assert _texts(frames) == ["theirs"]
        assert set(frames[-1]["data"]["body"]) == {"text"}
        staff.leave()
        visitor.leave()

    _run(scenario, staff=STAFF, visitor=Reader(frozenset({"contact:7"}), contact_id=7))


@pytest.mark.django_db(transaction=True)
def test_signals_reach_open_streams_and_are_not_resumed() -> None:
    async def scenario(app: LiveApplication) -> None:
        staff = Connection(app, "/live/staff")
        await staff.until(bool)
        await asyncio.to_thread(_signal)
        frames = await staff.until(lambda frames: len(frames) > 1)
        assert frames[1] == {"event": "signal", "data": {"kind": "typing"}}
        staff.leave()

    _run(scenario, staff=STAFF)


def _signal() -> None:
    signal(["queue:1"], {"kind": "typing"})
    connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_a_stream_ends_with_its_session(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(application, "RIGHTS_SECONDS", 0.05)

    async def scenario(app: LiveApplication) -> None:
        staff = Connection(app, "/live/staff")
        frames = await staff.until(lambda frames: len(frames) == 2)
        assert frames[1]["event"] == "bye"
        await staff.task

    _run(scenario, staff=Reader(frozenset({"queue:1"}), person_id=9, session_key="ended"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("path", "status"), [("/live/staff", 401), ("/live/elsewhere", 404)])
def test_who_is_not_known_is_refused_with_a_constant_answer(path: str, status: int) -> None:
    async def scenario(app: LiveApplication) -> None:
        refused = Connection(app, path)
        await refused.task
        assert refused.status == status
        assert refused._text == '{"code":"refused"}'

    _run(scenario, staff=None)
