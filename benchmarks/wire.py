"""A small HTTP client that costs little: the load must not be what is measured."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any


class Poster:
    """One kept connection that posts JSON, one request after another."""

    def __init__(self, port: int, headers: dict[str, str]) -> None:
        self._port = port
        self._headers = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, data: dict[str, Any], extra: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Post JSON; returns status and body."""
        headers = {"Content-Type": "application/json", **(extra or {})}
        return await self.ask("POST", path, json.dumps(data).encode(), headers)

    async def ask(self, method: str, path: str, body: bytes, extra: dict[str, str]) -> tuple[int, bytes]:
        """Send any request; returns status and body."""
        if self._reader is None or self._writer is None:
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", self._port)
        more = "".join(f"{name}: {value}\r\n" for name, value in extra.items())
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\n"
            f"Content-Length: {len(body)}\r\n{self._headers}{more}\r\n"
        )
        self._writer.write(head.encode() + body)
        return await _answer(self._reader)

    def close(self) -> None:
        """Close the connection."""
        if self._writer:
            self._writer.close()
        self._reader = self._writer = None


async def follow(port: int, path: str, headers: dict[str, str], heard: Callable[[bytes, float], None]) -> None:
    """Open an event stream and call `heard(data, when)` for each data line until cancelled."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept: text/event-stream\r\n{lines}\r\n".encode())
    try:
        while line := await reader.readline():
            if line.startswith(b"data:"):
                heard(line, time.perf_counter())
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    status = int((await reader.readline()).split()[1])
    length, chunked = 0, False
    while (line := await reader.readline()) not in (b"\r\n", b""):
        name, _, value = line.decode().partition(":")
        length = int(value) if name.lower() == "content-length" else length
        chunked = chunked or (name.lower() == "transfer-encoding" and "chunked" in value)
    if not chunked:
        return status, await reader.readexactly(length)
    body = b""
    while size := int((await reader.readline()).strip() or b"0", 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return status, body
