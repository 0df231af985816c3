"""An answer in a terminal: what it says first, then the tables, then what to be careful about."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from heartline.insight.answers import formats
from heartline.insight.answers.shape import Answer, Table
from heartline.insight.answers.words import _

# Where nobody looks at a window, tables are as wide as they need.
WIDE = 200


def show(answer: Answer, file: TextIO | None = None) -> None:
    """Write an answer for people."""
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    out = file or sys.stdout
    width = None if out.isatty() or os.environ.get("COLUMNS") else WIDE
    console = Console(file=out, width=width, highlight=False, emoji=False, soft_wrap=False)
    console.print(Text(answer.title, style="bold"))
    for sentence in answer.says:
        console.print(Text(sentence))
    for table in answer.tables:
        console.print()
        console.print(_table(table))
        if table.note:
            console.print(Text(table.note, style="dim"))
    if answer.cautions:
        console.print()
        console.print(Text(_("Mind this"), style="bold"))
    for caution in answer.cautions:
        console.print(Padding(Text(f"· {caution}"), (0, 0, 0, 1)))


def _table(table: Table) -> object:
    from rich import box
    from rich.table import Table as Drawn
    from rich.text import Text

    drawn = Drawn(title=Text(table.title, style="bold"), title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    columns, rows = table.seen()
    for column in columns:
        head = f"{column.name} ({column.unit})" if column.unit else column.name
        drawn.add_column(Text(head), justify="right" if formats.is_number(column) else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(formats.shown(cell, column)) for cell, column in zip(row, columns, strict=True)))
    return drawn
