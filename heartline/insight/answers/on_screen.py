"""An answer in a terminal: what it says first, then the tables, then what to be careful about."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from heartline.insight.answers import formats
from heartline.insight.answers.shape import Answer, Table
from heartline.insight.answers.words import _, ngettext

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as Drawn

# Where nobody looks at a window, tables are as wide as they need.
WIDE = 200
# However narrow the window is, so many columns are shown.
FEWEST = 3


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
        drawn, hidden = _fitting(table, console)
        console.print(drawn)
        if hidden:
            said = ngettext(
                "{count} more column in a wider window, with --csv or --json",
                "{count} more columns in a wider window, with --csv or --json",
                hidden,
            )
            console.print(Text(said.format(count=hidden), style="dim"))
        if table.note:
            console.print(Text(table.note, style="dim"))
    if answer.cautions:
        console.print()
        console.print(Text(_("Mind this"), style="bold"))
    for caution in answer.cautions:
        console.print(Padding(Text(f"· {caution}"), (0, 0, 0, 1)))


def _fitting(table: Table, console: Console) -> tuple[Drawn, int]:
    """Return a table as it fits the window, and how many columns at its right were left out for it."""
    columns, _rows = table.seen()
    for kept in range(len(columns), FEWEST, -1):
        drawn = _table(table, kept)
        if console.measure(drawn, options=console.options.update(max_width=10_000)).maximum <= console.width:
            return drawn, len(columns) - kept
    kept = min(FEWEST, len(columns))
    return _table(table, kept), len(columns) - kept


def _table(table: Table, kept: int) -> Drawn:
    from rich import box
    from rich.table import Table as Drawn
    from rich.text import Text

    columns, rows = table.seen()
    title = Text(table.title, style="bold")
    drawn = Drawn(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for column in columns[:kept]:
        head = f"{column.name} ({column.unit})" if column.unit else column.name
        drawn.add_column(Text(head), justify="right" if formats.is_number(column) else "left", overflow="fold")
    for row in rows:
        pairs = list(zip(row, columns, strict=True))[:kept]
        drawn.add_row(*(Text(formats.shown(cell, column)) for cell, column in pairs))
    return drawn
