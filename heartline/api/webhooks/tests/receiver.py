"""A receiver on this machine that does to deliveries what receivers do: takes, refuses, hangs, redirects, drips."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Taken:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        """What the body says."""
        return json.loads(self.body)

    @property
    def id(self) -> str:
        """By which id it is known again."""
        return self.headers["webhook-id"]


@dataclass
class Receiver:
    """Keeps what came, and answers as it is told to: a status, or what a function does with the handler."""

    answers: list[int | Callable[[BaseHTTPRequestHandler], None]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    port: int = 0

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook?from=heartline"

    def start(self) -> ThreadingHTTPServer:
        """Listen on a free port."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.taken.append(Taken(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
                answer = receiver.answers.pop(0) if receiver.answers else 204
                if callable(answer):
                    answer(self)
                    return
                self.send_response(answer)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server


def verified(secret: str, taken: Taken) -> bool:
    """Check a delivery as the specification tells receivers to, with nothing of ours."""
    signed = b".".join([taken.id.encode(), taken.headers["webhook-timestamp"].encode(), taken.body])
    expected = base64.b64encode(hmac.digest(base64.b64decode(secret.split("_", 1)[1]), signed, hashlib.sha256)).decode()
    return any(
        version == "v1" and hmac.compare_digest(given, expected)
        for version, _, given in (one.partition(",") for one in taken.headers["webhook-signature"].split(" "))
    )


def redirect(handler: BaseHTTPRequestHandler) -> None:
    """Send somewhere else."""
    handler.send_response(302)
    handler.send_header("Location", "http://127.0.0.1:1/other")
    handler.end_headers()


def come_back_in(seconds: int) -> Callable[[BaseHTTPRequestHandler], None]:
    """Refuse for a while."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(429)
        handler.send_header("Retry-After", str(seconds))
        handler.end_headers()

    return answer


def drip(handler: BaseHTTPRequestHandler) -> None:
    """Send a header a byte at a time, for ever."""
    try:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while True:
            handler.wfile.write(b"a")
            handler.wfile.flush()
            time.sleep(0.02)
    except OSError:
        return


def flood(handler: BaseHTTPRequestHandler) -> None:
    """Answer with more than anybody reads."""
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(10_000):
            handler.wfile.write(b"x" * 65536)
    except OSError:
        return
