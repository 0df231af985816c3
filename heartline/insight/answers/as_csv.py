"""One table of an answer as CSV: a head of keys, numbers with every digit, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io

from heartline.common.text import as_cell
from heartline.insight.answers.refusals import refuse_unknown
from heartline.insight.answers.shape import Answer, Cell, plain
from heartline.insight.answers.words import _

BOM = "\ufeff"


def as_csv(answer: Answer, table: str = "", *, bom: bool = False) -> str:
    """Return a table, the first when none is named. Spreadsheets on Windows read Chinese only behind a byte order mark."""
    keys = [one.key for one in answer.tables]
    refuse_unknown(_("table"), [table] if table else [], keys)
    chosen = answer.table(table) if table else answer.tables[0]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(column.key for column in chosen.columns)
    writer.writerows([_cell(cell) for cell in row] for row in chosen.rows)
    return (BOM if bom else "") + text.getvalue()


def _cell(cell: Cell) -> str:
    value = plain(cell)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return as_cell(value) if isinstance(value, str) else repr(value)
