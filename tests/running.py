"""A real Heartline in processes of its own, for tests and benchmarks that need the whole of it."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Running:
    """`heartline run` on a data folder. `output` is what it printed."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.port = int(environment.get("HEARTLINE_PORT") or free_port())
        self.address = f"http://127.0.0.1:{self.port}"
        self._printed = folder.parent / f"{folder.name}.out"
        self._environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("HEARTLINE_")},
            "HEARTLINE_DATA": str(folder),
            "LC_ALL": "C.UTF-8",
            "PYTHONUNBUFFERED": "1",
            **environment,
            "HEARTLINE_PORT": str(self.port),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 60.0) -> Running:
        """Start it and wait until it serves."""
        with self._printed.open("wb") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "heartline", "run"],
                env=self._environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
            )
        self.wait_until_ready(seconds)
        return self

    def wait_until_ready(self, seconds: float = 60.0) -> None:
        """Wait until pages are served and the background process is there."""
        deadline = time.monotonic() + seconds
        while not self._is_ready():
            if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"Heartline did not start:\n{self.output}")
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        try:
            if "Ctrl-C" not in self.output:  # the port may still be answered by a predecessor that is dying
                return False
            state = self.get_json("/health")
        except (OSError, ValueError):
            return False
        return bool(state["ready"] and state["work"])

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Return the status and text of a page, whatever the status."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                return response.status, response.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def get_json(self, path: str) -> Any:
        """Return the JSON at an address."""
        return json.loads(self.get(path)[1])

    def pid_of(self, name: str) -> int:
        """Return the process id of `web` or `work`."""
        return int(json.loads((self.folder / "run" / f"{name}.json").read_text())["pid"])

    def kill(self, name: str) -> int:
        """Kill `web`, `work` or the `supervisor` at once; returns its process id."""
        assert self.process is not None
        pid = self.process.pid if name == "supervisor" else self.pid_of(name)
        os.kill(pid, signal.SIGKILL)
        return pid

    def command(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run another `heartline` command on the same data folder."""
        done = subprocess.run(
            [sys.executable, "-m", "heartline", *arguments],
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Ask it to stop as Ctrl-C does, and return its exit code."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(number)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    @property
    def output(self) -> str:
        """What it printed so far."""
        return self._printed.read_text(errors="replace") if self._printed.exists() else ""


@contextlib.contextmanager
def running(folder: Path, **environment: str) -> Iterator[Running]:
    """Run Heartline on a folder for the length of a block."""
    house = Running(folder, **environment).start()
    try:
        yield house
    finally:
        if house.process and house.process.poll() is None:
            house.stop()
