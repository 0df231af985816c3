"""The file an analysis runs on: its options, reading it with progress, and what to say about rows that could not be read."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from heartline.insight.files import Frame

MOST_NAMED = 3


def from_file(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command a FILE and the options that say how to read it."""
    for decorate in (
        click.option("--sheet", default="", help="Of a workbook: which sheet, the first if left out."),
        click.option(
            "--encoding", default="", help="Of a text file, when it is not recognised: utf-8, gb18030, cp1252 …"
        ),
        click.argument("file", type=click.Path(path_type=Path)),
    ):
        command = decorate(command)
    return command


def read(file: Path, columns: Sequence[str] | None, *, encoding: str = "", sheet: str = "") -> Frame:
    """Read a file; who looks on sees how many rows have been read."""
    from heartline.insight.answers.words import _
    from heartline.insight.files import read_table

    if not sys.stderr.isatty():
        return read_table(file, columns=columns, encoding=encoding, sheet=sheet)
    from rich.console import Console

    console = Console(stderr=True)
    with console.status(_("Reading {file}").format(file=file.name)) as status:

        def tell(rows: int) -> None:
            status.update(_("Reading {file}: {rows} rows").format(file=file.name, rows=f"{rows:,}"))

        return read_table(file, columns=columns, encoding=encoding, sheet=sheet, tell=tell)


def left_out(frame: Frame) -> list[str]:
    """Return what to say about rows that could not be read."""
    from heartline.insight.answers.words import _, joined

    if not frame.left_out_count:
        return []
    places = [
        _("line {line}: {reason}").format(line=bad.line, reason=bad.reason) for bad in frame.left_out[:MOST_NAMED]
    ]
    more = " …" if frame.left_out_count > MOST_NAMED else ""
    said = _("Rows that could not be read and are left out: {count} ({places})")
    return [said.format(count=f"{frame.left_out_count:,}", places=joined(places) + more)]


def names(text: str) -> tuple[str, ...]:
    """Return names written in a row: commas between them, quotation marks around one that holds a comma itself."""
    import csv

    row = next(csv.reader([text.replace("，", ",")], skipinitialspace=True), [])
    return tuple(name.strip() for name in row if name.strip())
