"""A file becomes a table, whatever kind of file it is: its first bytes say so, not its name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from heartline.insight.answers import CannotAnswer, WrongQuestion, near
from heartline.insight.answers.words import _, joined
from heartline.insight.files.delimited import Tell, read_delimited
from heartline.insight.files.frame import Frame

WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def read_table(
    path: Path | str,
    *,
    columns: Sequence[str] | None = None,
    encoding: str = "",
    sheet: str = "",
    tell: Tell | None = None,
) -> Frame:
    """Return a file as a table, only some of its columns when they are named: fewer are read faster."""
    file = Path(path)
    start = _start(file)
    if not start:
        raise CannotAnswer(_("{file} is empty").format(file=file.name))
    frame = _read(file, start, columns, encoding, sheet, tell)
    if not frame.n:
        raise CannotAnswer(_("{file} has no rows that can be read below its head").format(file=file.name))
    return frame


def _read(
    file: Path, start: bytes, columns: Sequence[str] | None, encoding: str, sheet: str, tell: Tell | None
) -> Frame:
    if start == b"PAR1":
        from heartline.insight.files.parquet import read_parquet

        return read_parquet(file, columns)
    if start in WORKBOOKS:
        from heartline.insight.files.sheets import read_sheet

        return read_sheet(file, columns, sheet)
    return read_delimited(file, columns, encoding, tell)


def _start(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(4)
    except FileNotFoundError:
        raise WrongQuestion(_missing(file)) from None
    except IsADirectoryError:
        raise WrongQuestion(_("{file} is a folder").format(file=file)) from None
    except OSError as error:
        raise WrongQuestion(f"{file}: {error.strerror or error}") from None


def _missing(file: Path) -> str:
    said = [_("There is no file {file}").format(file=file)]
    beside = [one.name for one in file.parent.iterdir()] if file.parent.is_dir() else []
    if meant := near(file.name, beside):
        said.append(_("did you mean “{name}”?").format(name=meant))
    return joined(said)
