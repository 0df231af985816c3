"""The front: who is slow or sends too much never holds one of Django's few threads."""

from __future__ import annotations

import asyncio
import threading

import pytest

from heartline.config import front
from heartline.config.front import Front

pytestmark = pytest.mark.once


class QuietLive:
    """Live push that notes what it was asked."""

    def __init__(self):
        self.paths = []
        self.calls = []

    async def start(self):
        self.calls.append("start")

    async def stop(self):
        self.calls.append("stop")

    async def __call__(self, scope, receive, send):
        self.paths.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"live"})


def echo(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"%d bytes" % len(body)]


class Visitor:
    """One request, sent and read as slowly as a test wants."""

    def __init__(self, path="/", parts=(b"",), headers=()):
        self.scope = {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": b"",
            "http_version": "1.1",
            "headers": list(headers),
            "client": ("127.0.0.1", 1),
        }
        self.parts = list(parts)
        self.messages = []
        self.may_read = asyncio.Event()
        self.may_read.set()

    async def receive(self):
        part = self.parts.pop(0)
        if part is None:
            await asyncio.sleep(3600)
        if isinstance(part, dict):
            return part
        return {"type": "http.request", "body": part, "more_body": bool(self.parts)}

    async def send(self, message):
        await self.may_read.wait()
        self.messages.append(message)

    async def visit(self, house):
        await house(self.scope, self.receive, self.send)
        return self

    @property
    def status(self):
        return self.messages[0]["status"]

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.messages)


def visit(house, **request):
    async def go():
        return await Visitor(**request).visit(house)

    return asyncio.run(go())


def house(app=echo, threads=4):
    return Front(app, QuietLive(), threads)


def test_a_body_reaches_django_whole():
    parts = [b"x" * 300_000, b"y" * 300_000, b"z"]
    assert visit(house(), parts=parts).body == b"600001 bytes"


def test_a_request_without_a_body_is_answered():
    assert visit(house()).body == b"0 bytes"


@pytest.mark.parametrize("path", ["/live", "/live/staff"])
def test_live_paths_go_to_live_push(path):
    assert visit(house(), path=path).body == b"live"


@pytest.mark.parametrize("path", ["/liver", "/desk/live", "/"])
def test_other_paths_go_to_django(path):
    assert visit(house(), path=path).body == b"0 bytes"


def test_too_much_is_refused_by_its_declared_length_before_it_is_read():
    declared = str(front.limit() + 1).encode()
    refused = visit(house(), parts=[None], headers=[(b"content-length", declared)])
    assert refused.status == 413


def test_too_much_without_a_declared_length_is_refused_on_the_way():
    part = b"x" * (1 << 20)
    refused = visit(house(), parts=[part] * (front.limit() // len(part) + 2))
    assert refused.status == 413
    assert "Nothing was saved" in refused.body.decode()


def test_a_body_that_never_arrives_is_given_up(monkeypatch):
    monkeypatch.setattr(front, "SECONDS_FOR_A_BODY", 0.05)
    assert visit(house(), parts=[b"a", None, b""]).status == 408


def test_a_visitor_who_hangs_up_half_way_changes_nothing():
    called = []
    refused = visit(house(lambda *_: called.append(1)), parts=[b"half", {"type": "http.disconnect"}])
    assert refused.status == 400
    assert not called


def test_slow_readers_and_slow_senders_hold_no_thread():
    """With one thread for Django: a second visitor is answered while the first one dawdles, either way."""

    def large(environ, start_response):
        start_response("200 OK", [])
        return [b"x" * 65536] * 20

    async def go():
        place = house(large, threads=1)
        dawdling_reader, dawdling_sender = Visitor(), Visitor(parts=[b"a", None])
        dawdling_reader.may_read.clear()
        slow = [asyncio.ensure_future(one.visit(place)) for one in (dawdling_reader, dawdling_sender)]
        await asyncio.sleep(0.05)
        quick = await asyncio.wait_for(Visitor().visit(place), 2)
        assert not dawdling_reader.messages
        dawdling_reader.may_read.set()
        await slow[0]
        slow[1].cancel()
        return quick, dawdling_reader

    quick, slow = asyncio.run(go())
    assert quick.body == slow.body == b"x" * 65536 * 20
    assert front.Answer.held == 0


def test_unread_answers_are_bounded(monkeypatch):
    monkeypatch.setattr(front, "HELD", 100_000)
    given = []

    def endless(environ, start_response):
        start_response("200 OK", [])
        for _ in range(50):
            given.append(1)
            yield b"x" * 65536

    async def go():
        visitor = Visitor()
        visitor.may_read.clear()
        visit = asyncio.ensure_future(visitor.visit(house(endless)))
        await asyncio.sleep(0.3)
        so_far = len(given)
        visitor.may_read.set()
        await visit
        return so_far, visitor

    so_far, visitor = asyncio.run(go())
    assert so_far < 20
    assert len(visitor.body) == 50 * 65536


def test_threads_are_kept_so_that_database_connections_are_too():
    seen = set()

    def who(environ, start_response):
        seen.add(threading.get_ident())
        start_response("200 OK", [])
        return [b""]

    async def go():
        place = house(who, threads=2)
        for _ in range(10):
            await Visitor().visit(place)

    asyncio.run(go())
    assert len(seen) <= 2


def test_live_push_starts_with_the_server():
    place = house()
    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    told = []

    async def receive():
        return next(events)

    async def send(message):
        told.append(message["type"])

    asyncio.run(place({"type": "lifespan"}, receive, send))
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert place._live.calls == ["start"]


def test_a_web_socket_is_closed():
    told = []

    async def send(message):
        told.append(message)

    asyncio.run(house()({"type": "websocket", "path": "/"}, None, send))
    assert told == [{"type": "websocket.close", "code": 1000}]


def test_an_answer_that_fails_on_its_way_has_not_begun():
    def fails(environ, start_response):
        start_response("200 OK", [])
        raise RuntimeError("in the middle")

    failed = Visitor()
    with pytest.raises(RuntimeError):
        asyncio.run(failed.visit(house(fails)))
    assert failed.messages == []


def test_a_streamed_answer_arrives_part_by_part():
    def parts(environ, start_response):
        start_response("200 OK", [])
        yield from (b"one ", b"two ", b"three")

    seen = visit(house(parts))
    assert seen.body == b"one two three"
    assert [message["type"] for message in seen.messages].count("http.response.start") == 1
    assert seen.messages[-1] == {"type": "http.response.body", "body": b""}
