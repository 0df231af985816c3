"""Where rows are kept: one folder for each state of them, put in place whole by a rename, the newest one counts."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from heartline.insight.facts.columns import TABLES
from heartline.insight.kept.progress import Progress, shape

STATE = "progress.json"
# Readers may still have the generation before open.
STAYS = 2
# The last bytes of every Parquet file.
END = b"PAR1"


@dataclass(frozen=True)
class Generation:
    """All rows as they stood at one place of the ledger."""

    number: int
    folder: Path
    progress: Progress

    def file(self, table: str) -> Path:
        """Return the file with the rows of a table."""
        return self.folder / f"{table}.parquet"


def newest(home: Path) -> Generation | None:
    """Return the newest generation of today's shape that fits no less than it says, or None."""
    for number, folder in sorted(_folders(home), reverse=True):
        with suppress(OSError, ValueError, KeyError, TypeError, AttributeError):
            kept = json.loads((folder / STATE).read_text())
            found = Generation(number, folder, Progress.from_json(kept))
            if kept["shape"] != shape():
                return None
            if all(_is_whole(found.file(table)) for table in TABLES):
                return found
    return None


def workshop(home: Path) -> Path:
    """Return a new folder in which a generation can be put together."""
    home.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="new-", dir=home))


def publish(made: Path, home: Path, progress: Progress) -> Generation | None:
    """Put a generation in place; returns None when somebody else was first. Old ones go."""
    (made / STATE).write_text(json.dumps(progress.as_json() | {"shape": shape()}))
    number = max((number for number, _ in _folders(home)), default=0) + 1
    folder = home / f"{number:08}"
    try:
        made.rename(folder)
    except OSError:
        shutil.rmtree(made, ignore_errors=True)
        return None
    for old, path in _folders(home):
        if old <= number - STAYS:
            shutil.rmtree(path, ignore_errors=True)
    return Generation(number, folder, progress)


def _is_whole(file: Path) -> bool:
    """Return whether a file of rows was written to its end: a loss of power leaves it empty, short, or full of nothing."""
    with file.open("rb") as written:
        written.seek(-len(END), os.SEEK_END)
        return written.read() == END


def _folders(home: Path) -> list[tuple[int, Path]]:
    found = home.glob("[0-9]*") if home.is_dir() else ()
    return [(int(path.name), path) for path in found if path.name.isdecimal()]
