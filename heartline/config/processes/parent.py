"""A child's bond with its supervisor: it tells how it fares, and it ends when the supervisor is gone."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import signal
import sys
import threading
import time

from heartline.config.supervisor.tidings import Login, Tidings

PR_SET_PDEATHSIG = 1
GRACE = 8.0


class Parent:
    """The supervisor as a child sees it. Without descriptors (started by hand) nothing is told or watched."""

    def __init__(self, life_line: int = -1, tell: int = -1) -> None:
        self._life_line = life_line
        self._tell = tell

    def step(self, text: str) -> None:
        """Tell what is being done before the first page can be served."""
        self._send(Tidings("step", text))

    def ready(self, *, needs_setup: bool = False, logins: tuple[Login, ...] = ()) -> None:
        """Tell that the process does its work now; what it has built so far is set aside from garbage collection."""
        gc.collect()
        gc.freeze()
        gc.enable()
        self._send(Tidings("ready", needs_setup=needs_setup, logins=logins))

    def hopeless(self, text: str, mend: str) -> None:
        """Tell why starting again would not help."""
        self._send(Tidings("hopeless", text, mend))

    def die_with(self) -> None:
        """End this process when the supervisor ends, even when that was killed.

        The pipe tells on every system, and gives time to finish; the kernel's signal also reaches a process
        whose threads are all stuck.
        """
        if self._life_line < 0:
            return
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        threading.Thread(target=self._watch, name="life line", daemon=True).start()

    def _watch(self) -> None:
        os.read(self._life_line, 1)  # returns only at end-of-file
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(GRACE)
        os._exit(1)

    def _send(self, tidings: Tidings) -> None:
        if self._tell >= 0:
            with contextlib.suppress(BrokenPipeError):
                os.write(self._tell, tidings.line())
