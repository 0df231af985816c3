"""Logs: everything worth knowing to a rotating file, warnings to the terminal; never message text, secrets or tokens."""

from __future__ import annotations

import logging
import logging.handlers
import os
import sys
import time
from io import TextIOWrapper
from pathlib import Path
from typing import Any

SIZE = 5 * 1024 * 1024
KEPT = 5


class OneLine(logging.Formatter):
    """UTC times, and control characters made visible, so that no name can forge a line or colour a terminal."""

    converter = staticmethod(time.gmtime)

    def __init__(self) -> None:
        super().__init__("%(asctime)sZ %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the name is the library's
        """Return the first line of an entry with control characters escaped."""
        return _visible(super().formatMessage(record))

    def formatException(self, info: Any) -> str:  # noqa: N802 - the name is the library's
        """Return a traceback without PostgreSQL's DETAIL lines, which quote the row that was refused."""
        lines = super().formatException(info).split("\n")
        return "\n".join(_visible(line) for line in lines if not line.startswith("DETAIL:"))


class RoutesNotPaths(logging.Filter):
    """Names requests by their route: Django's own entries quote the path, which may hold a token.

    What the caller did wrong is not worth a warning either: it is kept in the file, as information.
    """

    def __init__(self, least: int = logging.NOTSET) -> None:
        super().__init__()
        self._least = least

    def filter(self, record: logging.LogRecord) -> bool:
        """Change an entry that quotes a request's path."""
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path is not None:
            match = getattr(request, "resolver_match", None)
            route = f"/{match.route}" if match else "(no route)"
            given = record.args if isinstance(record.args, tuple) else (record.args,)
            record.args = tuple(route if argument == path else argument for argument in given)
            if getattr(record, "status_code", 500) < 500:
                record.levelno, record.levelname = logging.INFO, "INFO"
        return record.levelno >= self._least


class Brief(OneLine):
    """The first line alone, for the terminal: tracebacks are in the file."""

    def format(self, record: logging.LogRecord) -> str:
        """Return an entry on one line."""
        record.message = record.getMessage()
        record.asctime = self.formatTime(record, self.datefmt)
        if record.exc_info and record.exc_info[0]:
            record.message += f" ({record.exc_info[0].__name__})"
        return self.formatMessage(record)


def _visible(line: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)


class PrivateFile(logging.handlers.RotatingFileHandler):
    """A rotating log file that only its owner can read."""

    def _open(self) -> TextIOWrapper:
        return open(self.baseFilename, "a", encoding="utf-8", opener=_owner_only)


def _owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def set_up_logs(folder: Path, name: str, *, terminal: bool = True) -> None:
    """Send this process's log to `folder/name.log`, and its warnings to the terminal too."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    to_file = PrivateFile(folder / f"{name}.log", maxBytes=SIZE, backupCount=KEPT, encoding="utf-8")
    to_file.setFormatter(OneLine())
    to_file.addFilter(RoutesNotPaths())
    root.handlers[:] = [to_file]
    if terminal:
        to_terminal = logging.StreamHandler(sys.stderr)
        to_terminal.setLevel(logging.WARNING)
        to_terminal.setFormatter(Brief())
        to_terminal.addFilter(RoutesNotPaths(logging.WARNING))
        root.addHandler(to_terminal)
    logging.captureWarnings(True)
