"""One supervised process: how it is started, heard, and judged when it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence

from heartline.config.supervisor.tidings import Tidings

LONG_ENOUGH = 60.0  # seconds of running after which earlier failures are forgiven
SLOWEST = 30.0


def delay_before_restart(failures: int) -> float:
    """Return how many seconds to wait after the n-th failure in a row: none at first, then doubling to 30."""
    return 0.0 if failures <= 1 else min(0.25 * 2.0 ** (failures - 1), SLOWEST)


class Child:
    """A named process. Its end of the life line closes when we die; its tidings come back on a pipe."""

    def __init__(self, name: str, command: Sequence[str], life_line: int, passed: Sequence[int] = ()) -> None:
        self.name = name
        self.failures = 0
        self.was_ready = False
        self.due = 0.0
        self.hearing = -1
        self._command = command
        self._life_line = life_line
        self._passed = tuple(passed)
        self._process: subprocess.Popen[bytes] | None = None
        self._started = 0.0
        self._unread = b""

    def start(self) -> None:
        """Start the process; it inherits the life line, a pipe for tidings, and the descriptors passed to it."""
        self.hearing, telling = os.pipe()
        os.set_blocking(self.hearing, False)
        self._unread = b""
        self._started = time.monotonic()
        arguments = [f"--life-line={self._life_line}", f"--tell={telling}"]
        # A group of its own: Ctrl-C reaches the supervisor alone, which then ends its children in order.
        self._process = subprocess.Popen(
            [*self._command, *arguments],
            pass_fds=(self._life_line, telling, *self._passed),
            stdin=subprocess.DEVNULL,
            process_group=0,
        )
        os.close(telling)

    @property
    def pid(self) -> int:
        """Return the process id, or 0 when not running."""
        return self._process.pid if self._process else 0

    def heard(self) -> Iterator[Tidings]:
        """Yield what the process has told since last asked."""
        try:
            received = os.read(self.hearing, 65536)
        except BlockingIOError:
            return
        if not received:
            self._stop_hearing()
        *lines, self._unread = (self._unread + received).split(b"\n")
        for line in lines:
            tidings = Tidings.parse(line)
            self.was_ready = self.was_ready or tidings.kind == "ready"
            yield tidings

    def ended(self) -> int | None:
        """Return the exit code once, after the process has ended; None while it runs or when it was not started."""
        if self._process is None or (code := self._process.poll()) is None:
            return None
        self._process = None
        self._stop_hearing()
        lived = time.monotonic() - self._started
        self.failures = 1 if lived > LONG_ENOUGH else self.failures + 1
        self.due = time.monotonic() + delay_before_restart(self.failures)
        return code

    def send(self, number: signal.Signals) -> None:
        """Send a signal to the process, if it still runs."""
        if self._process and self.alive():
            self._process.send_signal(number)

    def alive(self) -> bool:
        """Return whether the process is running at this moment."""
        return self._process is not None and self._process.poll() is None

    def at_rest(self) -> bool:
        """Return whether there is no process: never started, or its end was taken note of."""
        return self._process is None

    def _stop_hearing(self) -> None:
        if self.hearing >= 0:
            os.close(self.hearing)
            self.hearing = -1


def python_module(module: str, *arguments: str) -> list[str]:
    """Return the command that runs a module with this very interpreter."""
    return [sys.executable, "-m", module, *arguments]
