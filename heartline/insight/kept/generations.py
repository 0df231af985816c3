"""Where rows are kept: one folder for each state of them, put in place whole by a rename, the newest one counts.

A generation is a large set of old rows, linked from the one before, and a small set of news: the rows of customers of whom
the ledger has told since. What is new costs what is new; when the news are many they become part of the old.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from heartline.insight.engine import connect, parquet
from heartline.insight.facts.columns import SPANS, TABLES
from heartline.insight.kept.progress import Progress, shape

log = logging.getLogger("heartline.insight")

STATE = "progress.json"
REPLACED = "replaced.parquet"
# Readers may still have the generation before open.
STAYS = 2
# The last bytes of every Parquet file.
END = b"PAR1"
# What somebody was making who has not written for so long was left behind by a process that died.
LEFT_BEHIND = 900


@dataclass(frozen=True)
class Layers:
    """The files in a folder: the old rows, the news, and whose old rows the news stand for."""

    folder: Path

    @property
    def replaced(self) -> Path:
        """The customers whose old rows no longer count."""
        return self.folder / REPLACED

    @property
    def has_news(self) -> bool:
        """Whether there are news."""
        return self.replaced.exists()

    def old(self, table: str) -> Path:
        """Return the file with the old rows of a table."""
        return self.folder / f"{table}.parquet"

    def news(self, table: str) -> Path:
        """Return the file with the new rows of a table."""
        return self.folder / f"{table}.news.parquet"

    def rows(self, table: str) -> str:
        """Return the question for all rows of a table that count."""
        old = f"SELECT * FROM {parquet(self.old(table))}"  # noqa: S608 - our own files
        if not self.has_news:
            return old
        if table != SPANS.name:
            old += f" ANTI JOIN {parquet(self.replaced)} gone ON customer_id = gone.id"
        return f"{old} UNION ALL SELECT * FROM {parquet(self.news(table))}"  # noqa: S608 - our own files

    def files(self) -> list[Path]:
        """Return every file that must be there."""
        news = [self.replaced, *map(self.news, TABLES)] if self.has_news else []
        return [*map(self.old, TABLES), *news]


@dataclass(frozen=True)
class Generation(Layers):
    """All rows as they stood at one place of the ledger."""

    number: int
    progress: Progress


def newest(home: Path) -> Generation | None:
    """Return the newest generation of today's shape that fits no less than it says, or None."""
    for number, folder in sorted(_folders(home), reverse=True):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            kept = json.loads((folder / STATE).read_text())
            found = Generation(folder, number, Progress.from_json(kept))
            if kept["shape"] != shape():
                return None
            if kept["news"] == found.has_news and all(map(_is_whole, found.files())):
                return found
    return None


@contextmanager
def workshop(home: Path) -> Iterator[Path]:
    """Give a folder in which something can be put together, gone afterwards; what the dead left behind goes too."""
    home.mkdir(parents=True, exist_ok=True)
    for left in home.glob("new-*"):
        with suppress(OSError):
            if time.time() - max(path.stat().st_mtime for path in (left, *left.iterdir())) > LEFT_BEHIND:
                shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="new-", dir=home, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def publish(made: Path, home: Path, progress: Progress) -> Generation | None:
    """Put a generation in place; returns None when somebody else was first. Old ones go."""
    has_news = Layers(made).has_news
    (made / STATE).write_text(json.dumps(progress.as_json() | {"shape": shape(), "news": has_news}))
    for path in (*made.iterdir(), made):
        _sync(path)
    number = max((number for number, _ in _folders(home)), default=0) + 1
    folder = home / f"{number:08}"
    try:
        made.rename(folder)
    except OSError:
        return None
    for old, path in _folders(home):
        if old <= number - STAYS:
            shutil.rmtree(path, ignore_errors=True)
    return Generation(folder, number, progress)


def discard_unreadable(kept: Layers | None) -> bool:
    """Throw a generation away when part of it cannot be read: a broken disk, or somebody's hand. Returns whether it was."""
    if kept is None or _is_readable(kept):
        return False
    log.error("the rows kept in %s cannot be read and are made anew", kept.folder)
    shutil.rmtree(kept.folder, ignore_errors=True)
    return True


def _is_readable(kept: Layers) -> bool:
    import duckdb

    try:
        with connect() as engine:
            for file in kept.files():
                engine.execute(f"SELECT max(hash(COLUMNS(*))) FROM {parquet(file)}").fetchall()  # noqa: S608 - our own files
    except (OSError, duckdb.Error):
        return False
    return True


def _is_whole(file: Path) -> bool:
    """Return whether a file of rows was written to its end: a loss of power leaves it empty, short, or full of nothing."""
    with file.open("rb") as written:
        written.seek(-len(END), os.SEEK_END)
        return written.read() == END


def _sync(path: Path) -> None:
    """Have a file, or the names in a folder, written to the disk, where the system can."""
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _folders(home: Path) -> list[tuple[int, Path]]:
    found = home.glob("[0-9]*") if home.is_dir() else ()
    return [(int(path.name), path) for path in found if path.name.isdecimal()]
