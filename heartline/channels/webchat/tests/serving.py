"""Pages and live push on one port, in a thread of the test: what a browser needs, on the test's own database."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import uvicorn

from heartline.config.front import Front
from heartline.config.live import live_application
from heartline.config.wsgi import application
from tests.running import free_port


class Server(uvicorn.Server):
    """Lets the streams go before it waits for anything else, as ours does."""

    front: Front

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.front.end_streams()
        await super().shutdown()


@contextmanager
def serving() -> Iterator[str]:
    """Serve until the block ends; gives the address."""
    port = free_port()
    front = Front(application, live_application())
    server = Server(uvicorn.Config(front, host="127.0.0.1", port=port, log_config=None, lifespan="on"))
    server.front = front
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)


@contextmanager
def site(page: str) -> Iterator[str]:
    """Serve one page at every address of another origin, as a brand's own site would; gives the origin."""

    class OnePage(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), OnePage)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
