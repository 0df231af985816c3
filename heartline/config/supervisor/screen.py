"""What `heartline run` prints: a calm page that says where everything is and how to stop it."""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path
from typing import TextIO

from heartline.config.supervisor.lock import Holder
from heartline.config.supervisor.tidings import Tidings
from heartline.config.words import _

BOLD, DIM, PLUM, RED, PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[38;5;132m", "\x1b[31m", "\x1b[0m"


class Screen:
    """The terminal as the supervisor's teller."""

    def __init__(self, address: str, folder: Path, out: TextIO | None = None) -> None:
        self._address = address
        self._folder = folder
        self._out = out or sys.stdout
        self._said: set[str] = set()
        self._colour = self._out.isatty() and "NO_COLOR" not in os.environ

    def step(self, text: str) -> None:
        """Say what is being done before the first page."""
        self._print(f"  {self._paint(DIM, text)}")

    def once(self, text: str) -> None:
        """Say something the first time only."""
        if text not in self._said:
            self._said.add(text)
            self.step(text)

    def ready(self, tidings: Tidings) -> None:
        """Show the start screen."""
        self._print("", f"  {self._paint(BOLD + PLUM, 'Heartline')}  {self._address}", "")
        self._table(self._addresses(tidings.needs_setup))
        if tidings.logins:
            self._print("", f"  {_('Sign in to the sample company')}", "")
            self._table([(login.role, f"{login.email}  {login.password}") for login in tidings.logins])
        self._print("", f"  {self._paint(DIM, _('Data'))}  {self._folder}")
        self._print(f"  {self._paint(DIM, _('Press Ctrl-C to stop. `heartline doctor` checks the installation'))}", "")

    def _addresses(self, needs_setup: bool) -> list[tuple[str, str]]:
        pages = [
            (_("Contact page"), "/"),
            (_("Desk"), "/desk/"),
            (_("Floor"), "/floor/"),
            (_("Insight"), "/insight/"),
            (_("Set-up"), "/setup/"),
        ]
        first = [(_("Start here"), "/setup/first/")] if needs_setup else []
        return [(name, self._address + path) for name, path in first + pages]

    def hopeless(self, text: str, mend: str) -> None:
        """Say why it makes no sense to go on, and what would help."""
        self._print("", f"  {self._paint(RED, _('Heartline cannot run'))}", f"  {text}")
        if mend:
            self._print(f"  {mend}")
        self._print(f"  {_('The full story is in {folder}').format(folder=self._folder / 'logs')}", "")

    def restarted(self, name: str, code: int) -> None:
        """Say that a process ended unasked."""
        self._print(f"  {_('{name} ended unexpectedly ({code}) and is being restarted').format(name=name, code=code)}")

    def stopping(self) -> None:
        """Say that everything is being ended."""
        self._print("", f"  {self._paint(DIM, _('Stopping. Press Ctrl-C again to stop at once'))}")

    def refused(self, holder: Holder | None) -> None:
        """Say that another Heartline already uses this data folder."""
        self._print("", f"  {_('Heartline already runs on this data folder')}", f"  {self._folder}")
        if holder:
            where = _("Process {pid}, reached at {address}").format(pid=holder.pid, address=holder.address)
            self._print(f"  {where}")
        self._print(f"  {_('Stop it first, or give this one another folder with HEARTLINE_DATA')}", "")

    def _table(self, rows: list[tuple[str, str]]) -> None:
        widest = max(width(name) for name, _value in rows)
        for name, value in rows:
            self._print(f"    {name}{' ' * (widest - width(name) + 3)}{value}")

    def _paint(self, code: str, text: str) -> str:
        return f"{code}{text}{PLAIN}" if self._colour else text

    def _print(self, *lines: str) -> None:
        for line in lines:
            print(line, file=self._out, flush=True)


def width(text: str) -> int:
    """Return the columns that a text takes in a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
