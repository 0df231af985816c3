"""Connections that waste ours are ended; those that talk are served."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest
import uvicorn

from heartline.config.processes import connections

pytestmark = pytest.mark.once
REQUEST = b"GET /%d HTTP/1.1\r\nHost: x\r\n\r\n"


async def answer(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


@pytest.fixture
def door(monkeypatch):
    """A server that waits for a quarter of a second."""
    monkeypatch.setattr(connections, "SECONDS_FOR_A_HEAD", 0.25)
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(answer, http=connections.Connection, lifespan="off", log_config=None, timeout_keep_alive=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listener])))
    thread.start()
    yield listener.getsockname()
    server.should_exit = True
    thread.join(5)


def open_door(door):
    visitor = socket.create_connection(door, timeout=3)
    visitor.settimeout(3)
    return visitor


def is_closed_within(visitor, seconds):
    started = time.monotonic()
    try:
        while visitor.recv(4096):
            pass
    except (ConnectionResetError, BrokenPipeError):
        pass
    return time.monotonic() - started < seconds


def can_send(visitor, parts, pause):
    """Send part after part; returns whether the other side took them all."""
    try:
        for part in parts:
            visitor.sendall(part)
            time.sleep(pause)
    except (ConnectionResetError, BrokenPipeError):
        return False
    return True


def test_a_silent_connection_is_ended(door):
    assert is_closed_within(open_door(door), 1)


def test_a_head_that_comes_drop_by_drop_is_ended(door):
    visitor = open_door(door)
    started = time.monotonic()
    assert not can_send(visitor, (bytes([letter]) for letter in REQUEST * 10), pause=0.05)
    assert time.monotonic() - started < 2


def test_a_head_without_end_is_ended(door):
    visitor = open_door(door)
    lines = (b"X-Long: " + b"a" * 4096 + b"\r\n" for _ in range(200))
    assert not can_send(visitor, [b"GET / HTTP/1.1\r\n", *lines], pause=0.001)


def test_one_request_after_another_is_served_on_the_same_connection(door):
    visitor = open_door(door)
    for number in range(5):
        visitor.sendall(REQUEST % number)
        received = b""
        while not received.endswith(b"ok"):
            received += visitor.recv(4096)
        assert received.startswith(b"HTTP/1.1 200")
        time.sleep(0.1)
