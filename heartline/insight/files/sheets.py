"""Excel and its like: one sheet, its first row that holds anything being the head."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from heartline.insight.answers import CannotAnswer, WrongQuestion, refuse_unknown
from heartline.insight.answers.words import _
from heartline.insight.files.frame import Coding, Frame
from heartline.insight.files.heads import heads, places


def read_sheet(path: Path, columns: Sequence[str] | None, sheet: str = "") -> Frame:
    """Return the columns of a sheet, the first when none is named."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    try:
        book = CalamineWorkbook.from_path(path)
    except PasswordError as error:
        raise WrongQuestion(_("{file} is locked with a password").format(file=path.name)) from error
    except CalamineError as error:
        raise CannotAnswer(
            _("{file} cannot be read as a workbook: {reason}").format(file=path.name, reason=error)
        ) from error
    refuse_unknown(_("sheet"), [sheet] if sheet else [], book.sheet_names)
    chosen = sheet or book.sheet_names[0]
    rows: list[list[Any]] = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    first = next((at for at, row in enumerate(rows) if any(_text(cell).strip() for cell in row)), len(rows))
    names = heads([_text(cell) for cell in rows[first]] if first < len(rows) else [], path.name)
    wanted = places(names, columns)
    body = [(at, row) for at, row in enumerate(rows[first + 1 :], first + 2) if any(_text(cell) for cell in row)]
    coded = {}
    for name, place in wanted.items():
        coding = Coding()
        coding.add([_text(row[place]) for _at, row in body])
        coded[name] = coding.coded()
    lines = np.array([at for at, _row in body], np.int64)
    return Frame(path.name, tuple(names), coded, len(body), lines, read_as=f"Excel, {chosen}")


def _text(cell: Any) -> str:
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, bool):
        return "1" if cell else "0"
    return cell.isoformat() if isinstance(cell, dt.date | dt.time) else str(cell)
