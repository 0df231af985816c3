"""The supervisor's loop: start `web`, then all others once it serves; restart what dies; end everything on request."""

from __future__ import annotations

import logging
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from typing import Protocol

from heartline.config.supervisor.child import Child, python_module
from heartline.config.supervisor.tidings import Tidings
from heartline.config.words import _

log = logging.getLogger("heartline.supervisor")

PATIENCE = 8.0  # seconds between asking children to end and ending them
TRIES = 3  # failures in a row before `web`, when it has never served, is given up
STOPPERS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Teller(Protocol):
    """Where the supervisor says what happens; the terminal, or a test."""

    def step(self, text: str) -> None:
        """Say what is being done before the first page."""

    def ready(self, tidings: Tidings) -> None:
        """Say that pages are served, and where."""

    def hopeless(self, text: str, mend: str) -> None:
        """Say why it makes no sense to go on."""

    def restarted(self, name: str, code: int) -> None:
        """Say that a process ended unasked and is started again."""

    def stopping(self) -> None:
        """Say that everything is being ended."""


class Supervisor:
    """Keeps the processes of one installation alive until it is asked to stop."""

    def __init__(
        self, listener: socket.socket, teller: Teller, command: Callable[..., list[str]] | None = None, *, webs: int = 1
    ) -> None:
        build = command or (lambda name, *rest: python_module("heartline.config.processes", name, *rest))
        # Nothing is ever written to the life line: its far end reads end-of-file when we are gone, however we went.
        self._life_line, self._our_end = os.pipe()
        descriptor = listener.fileno()
        names = ["web", *(f"web-{number}" for number in range(2, webs + 1))]
        self.web, *others = [
            Child(name, build(name, f"--listen={descriptor}"), self._life_line, [descriptor]) for name in names
        ]
        self.work = Child("work", build("work"), self._life_line)
        self.children = (self.web, *others, self.work)
        self._teller = teller
        self._wake_up, self._waker = socket.socketpair()
        self._stop_asked = 0
        self._exit_code = 0
        self._shown = False

    def run(self) -> int:
        """Run until stopped; returns the exit code for the shell."""
        self._listen_to_signals()
        self.web.start()
        try:
            while not self._stop_asked:
                self._wait(self._until_next_start())
                self._hear()
                self._bury()
                self._start_due()
        finally:
            self._end_children()
        return self._exit_code

    def _listen_to_signals(self) -> None:
        for end in (self._wake_up, self._waker):
            end.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in STOPPERS:
            under_nohup = number == signal.SIGHUP and signal.getsignal(number) is signal.SIG_IGN
            if not under_nohup:
                signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, *_: object) -> None:
        self._stop_asked += 1

    def _wait(self, seconds: float | None) -> None:
        waker = self._wake_up.fileno()
        hearing = [child.hearing for child in self.children if child.hearing >= 0]
        ready = select.select([waker, *hearing], [], [], seconds)[0]
        if waker in ready:
            self._wake_up.recv(4096)

    def _until_next_start(self) -> float | None:
        """Return the seconds until a restart is due, or None when only a signal or a message can matter."""
        waiting = [child.due - time.monotonic() for child in self.children if self._wanted(child) and child.at_rest()]
        return max(min(waiting), 0.0) if waiting else None

    def _wanted(self, child: Child) -> bool:
        return child is self.web or self.web.was_ready

    def _hear(self) -> None:
        for child in self.children:
            for tidings in child.heard() if child.hearing >= 0 else ():
                self._heard(child, tidings)

    def _heard(self, child: Child, tidings: Tidings) -> None:
        if tidings.kind == "step":
            self._teller.step(tidings.text)
        elif tidings.kind == "hopeless":
            self._give_up(tidings.text, tidings.mend)
        elif child is self.web and not self._shown:
            self._shown = True
            self._teller.ready(tidings)

    def _bury(self) -> None:
        for child in self.children:
            self._hear()
            code = child.ended()
            if code is None or self._stop_asked:
                continue
            log.warning("%s ended with %s (%s in a row)", child.name, code, child.failures)
            if child is self.web and not child.was_ready and child.failures >= TRIES:
                self._give_up(_("{name} ended {times} times before it worked").format(name=child.name, times=TRIES), "")
            else:
                self._teller.restarted(child.name, code)

    def _start_due(self) -> None:
        for child in self.children:
            due = child.due <= time.monotonic() and self._wanted(child) and child.at_rest()
            if due and not self._stop_asked:
                child.start()
                log.info("%s started as process %s", child.name, child.pid)

    def _give_up(self, text: str, mend: str) -> None:
        self._teller.hopeless(text, mend)
        self._exit_code = 1
        self._stop_asked += 1

    def _end_children(self) -> None:
        if not self._exit_code:
            self._teller.stopping()
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        asked = self._stop_asked
        while any(child.alive() for child in self.children):
            if time.monotonic() > deadline or self._stop_asked > asked:
                for child in self.children:
                    child.send(signal.SIGKILL)
            self._wait(0.2)
        os.close(self._our_end)
