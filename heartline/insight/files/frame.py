"""A table in memory: few columns of many rows, texts kept once each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import CannotAnswer, refuse_unknown
from heartline.insight.answers.words import _, in_a_row
from heartline.insight.files.numerals import NOT_APPLICABLE, Reading, is_missing, read_numbers

Numbers = NDArray[np.float64]
MOST_WRONG = 3


@dataclass(frozen=True)
class BadRow:
    """A row that was left out: its line in the file and why."""

    line: int
    reason: str


@dataclass(frozen=True)
class Coded:
    """A column of texts: each different text once, and which one each row has."""

    values: tuple[str, ...]
    codes: NDArray[np.int32]


class Coding:
    """Texts on their way into a coded column, a part of the rows at a time."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = defaultdict(count().__next__)
        self._parts: list[NDArray[np.int32]] = []

    def add(self, texts: Sequence[str]) -> None:
        """Add the texts of some more rows."""
        self._parts.append(np.fromiter(map(self._numbers.__getitem__, texts), np.int32, len(texts)))

    def coded(self) -> Coded:
        """Return the column."""
        codes = np.concatenate(self._parts) if self._parts else np.empty(0, np.int32)
        return Coded(tuple(self._numbers), codes)


@dataclass(frozen=True)
class Frame:
    """Columns by name. `lines` says where each row stands in its file; `left_out` which rows could not be read."""

    source: str
    names: tuple[str, ...]
    columns: Mapping[str, Coded | Numbers]
    n: int
    lines: NDArray[np.int64]
    left_out: tuple[BadRow, ...] = ()
    left_out_count: int = 0
    read_as: str = ""
    _read: dict[str, Reading] = field(default_factory=dict, repr=False, compare=False)

    def require(self, *names: str) -> None:
        """Refuse names of columns that are not there, with the nearest that are."""
        refuse_unknown(_("column"), names, self.names)

    def numbers(self, name: str, *, missing: Iterable[str] = ()) -> Numbers:
        """Return a column as numbers, NaN where nothing was answered; a text among them is refused by line."""
        reading = self.reading(name, missing=missing)
        if reading.wrong:
            self._refuse(name, reading.wrong)
        return self._spread(name, reading.numbers)

    def not_applicable(self, name: str) -> NDArray[np.bool_]:
        """Return which rows say that the question does not apply to them."""
        column = self._column(name)
        if not isinstance(column, Coded):
            return np.zeros(self.n, np.bool_)
        says = np.array([value.strip().casefold() in NOT_APPLICABLE for value in column.values], np.bool_)
        return says[column.codes] if len(says) else np.zeros(self.n, np.bool_)

    def reading(self, name: str, *, missing: Iterable[str] = ()) -> Reading:
        """Return what each different value of a column is as a number, and which are none."""
        column = self._column(name)
        if not isinstance(column, Coded):
            return Reading(column, ())
        also = frozenset(missing)
        key = f"{name}\0{sorted(also)}"
        if key not in self._read:
            self._read[key] = read_numbers(column.values, also)
        return self._read[key]

    def is_number(self, name: str) -> bool:
        """Return whether most different values of a column are numbers."""
        column = self._column(name)
        if not isinstance(column, Coded):
            return True
        reading = self.reading(name)
        return len(reading.wrong) * 2 < max(1, int(np.isfinite(reading.numbers).sum()) + len(reading.wrong))

    def coded(self, name: str) -> Coded:
        """Return a column as texts, an empty one where nothing was answered."""
        column = self._column(name)
        if isinstance(column, Coded):
            return column
        values, codes = np.unique(column, return_inverse=True)
        return Coded(tuple(_as_text(value) for value in values.tolist()), codes.astype(np.int32))

    def texts(self, name: str) -> NDArray[np.object_]:
        """Return a column as texts, a text for each row; what counts as missing is an empty one."""
        column = self.coded(name)
        values = np.array(["" if is_missing(value) else value.strip() for value in column.values] or [""], dtype=object)
        return values[column.codes] if self.n else np.empty(0, dtype=object)

    def line(self, row: int) -> int:
        """Return where a row stands in its file, counted from 1 with the head."""
        return int(self.lines[row])

    def _column(self, name: str) -> Coded | Numbers:
        self.require(name)
        return self.columns[name]

    def _spread(self, name: str, numbers: Numbers) -> Numbers:
        column = self.columns[name]
        if not isinstance(column, Coded):
            return numbers
        return numbers[column.codes] if len(numbers) else np.empty(0)

    def _refuse(self, name: str, wrong: Sequence[int]) -> None:
        column = self.coded(name)
        rows = np.flatnonzero(np.isin(column.codes, wrong))
        places = [
            _("line {line}: “{text}”").format(line=self.line(row), text=column.values[column.codes[row]][:40])
            for row in rows[:MOST_WRONG].tolist()
        ]
        raise CannotAnswer(
            _("Column “{name}” has {count} cells that are no numbers: {places}").format(
                name=name, count=f"{len(rows):,}", places=in_a_row(places) + (" …" if len(rows) > MOST_WRONG else "")
            ),
            fields={"column": name, "rows": len(rows)},
        )


def frame_of(columns: Mapping[str, Sequence[Any] | NDArray[Any]], source: str = "") -> Frame:
    """Return a frame of columns that are there already: numbers stay numbers, texts are coded."""
    made: dict[str, Coded | Numbers] = {}
    for name, values in columns.items():
        array = np.asarray(values)
        if array.dtype.kind in "fiub":
            made[name] = array.astype(np.float64)
        else:
            coding = Coding()
            coding.add(["" if value is None else str(value) for value in values])
            made[name] = coding.coded()
    n = len(next(iter(columns.values()), ()))
    return Frame(source, tuple(columns), made, n, np.arange(2, n + 2))


def _as_text(value: float) -> str:
    if value != value:  # noqa: PLR0124 - NaN, which alone differs from itself
        return ""
    return str(int(value)) if float(value).is_integer() else repr(value)
