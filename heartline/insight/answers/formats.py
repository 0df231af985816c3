"""How numbers stand on a screen and on a page."""

from __future__ import annotations

import math

from heartline.insight.answers.shape import Cell, Column

UNKNOWN = "–"
DIGITS = {"number": 2, "share": 1, "money": 0}


def shown(cell: Cell, column: Column) -> str:
    """Return a cell as people read it: thousands apart, a true minus, a dash where nothing is known."""
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return UNKNOWN
    if column.kind == "yes":
        return "✓" if cell else ""
    if isinstance(cell, str):
        return cell
    if column.kind == "count" and float(cell).is_integer():
        return number(cell, 0)
    digits = DIGITS.get(column.kind, 2) if column.digits is None else column.digits
    return f"{number(cell * 100, digits)} %" if column.kind == "share" else number(cell, digits)


def number(value: float, digits: int) -> str:
    """Return a number with so many digits behind the point, without a minus before a zero."""
    text = f"{value:,.{digits}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text.replace("-", "−")


def is_number(column: Column) -> bool:
    """Return whether a column's values line up at the right."""
    return column.kind not in ("text", "yes")
