"""The shape of every answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Cell = str | int | float | bool | None
# share: 0 to 1, shown as a percentage; money: an amount in the column's unit; yes: true or false, shown as a mark.
Kind = Literal["text", "count", "number", "share", "money", "yes"]


@dataclass(frozen=True)
class Column:
    """One column: its key for programs, its name for people, and what kind of values it holds."""

    key: str
    name: str
    kind: Kind = "text"
    digits: int | None = None  # how many behind the point on screen and page; files get every digit
    unit: str = ""
    detail: bool = False  # in JSON and CSV only: too much for a screen


@dataclass(frozen=True)
class Table:
    """Rows under columns. A row has a cell for each column; a cell nobody knows is None, never an empty text or NaN."""

    key: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        if wrong := [row for row in self.rows if len(row) != len(self.columns)]:
            raise ValueError(f"table {self.key} has {len(self.columns)} columns, and a row of {len(wrong[0])} cells")

    def seen(self) -> tuple[tuple[Column, ...], list[tuple[Cell, ...]]]:
        """Return the columns and rows as people see them, without details."""
        places = [place for place, column in enumerate(self.columns) if not column.detail]
        return tuple(self.columns[place] for place in places), [tuple(row[p] for p in places) for row in self.rows]

    def records(self) -> Iterator[dict[str, Cell]]:
        """Yield the rows by the keys of the columns."""
        for row in self.rows:
            yield dict(zip((column.key for column in self.columns), map(plain, row), strict=True))


@dataclass(frozen=True)
class Picture:
    """A chart for the page: SVG of our own making, coloured by the classes of the page's style. Its texts are escaped."""

    key: str
    title: str
    svg: str


@dataclass(frozen=True)
class Answer:
    """What an analysis found. `facts` are its settings and headline figures for programs, under keys that stay."""

    analysis: str
    title: str
    says: tuple[str, ...]
    tables: tuple[Table, ...]
    cautions: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    pictures: tuple[Picture, ...] = ()

    def table(self, key: str) -> Table:
        """Return a table by its key."""
        return next(table for table in self.tables if table.key == key)


def plain(value: Any) -> Any:
    """Return a value as plain Python that JSON knows: numbers of numpy as ours, and what is no number as None."""
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value
