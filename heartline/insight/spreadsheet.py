"""Rows as a CSV file that a spreadsheet opens without surprises: UTF-8 with BOM, and nothing in it is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from heartline.common.text import as_cell

BOM = "\ufeff"


def as_csv(heads: Iterable[str], rows: Iterable[Iterable[str | int | float | None]]) -> bytes:
    """Return a table as CSV bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(safe(head) for head in heads)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return (BOM + text.getvalue()).encode()


def safe(cell: str | float | None) -> str | float:
    """Return a cell as it may be written: text that could be run gets an apostrophe in front, numbers stay numbers."""
    if cell is None:
        return ""
    return as_cell(cell) if isinstance(cell, str) else cell
