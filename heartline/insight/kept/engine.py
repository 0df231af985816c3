"""DuckDB, loaded when first needed: rows into Parquet, and questions about them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

from heartline.insight.facts.columns import SQL_TYPES, TABLES, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


class Pages:
    """Rows on their way into the engine: one text file for each table, quicker than handing over value by value."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._stack = folder, ExitStack()
        self._files = {name: self._open(name) for name in TABLES}
        self._writers = {name: csv.writer(file) for name, file in self._files.items()}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def write(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows of a table."""
        self._writers[table].writerows(rows)

    def source(self, table: str) -> str:
        """Return the rows written so far as a source for SQL. A word that is empty is no missing one."""
        self._files[table].flush()
        types = sql_columns(TABLES[table])
        columns = ", ".join(f"'{name}': '{type}'" for name, type in types.items())
        words = ", ".join(f"'{name}'" for name, kind in TABLES[table].columns.items() if kind == "word")
        file = str(self._folder / f"{table}.csv").replace("'", "''")
        return f"read_csv('{file}', header=false, auto_detect=false, delim=',', quote='\"', escape='\"', force_not_null=[{words}], buffer_size={AT_ONCE}, columns={{{columns}}})"

    def forget(self, table: str) -> None:
        """Give back the room that the rows of a table take."""
        self._files[table].truncate(0)

    def _open(self, name: str) -> TextIO:
        return self._stack.enter_context((self._folder / f"{name}.csv").open("w", newline="", encoding="utf-8"))


def sql_columns(table: Table) -> dict[str, str]:
    """Return the columns of a table with their SQL types."""
    return {name: SQL_TYPES[kind] for name, kind in table.columns.items()}


def numbers(ids: Iterable[int]) -> str:
    """Return numbers as a question whose rows they are. They are written out: for each parameter DuckDB looks for other libraries."""
    listed = ", ".join(map(str, sorted(ids)))
    return f"SELECT id FROM (SELECT unnest([{listed}]::BIGINT[]) AS id)"  # noqa: S608 - numbers


# Bytes of text read at once.
AT_ONCE = 8_388_608
# A period is read without the rest: a file is as many pieces as it has rows in so large a number.
TOGETHER = 20_480


def save(engine: DuckDBPyConnection, query: str, file: Path, order: str) -> None:
    """Write what a query gives as a file of rows."""
    engine.sql(query).order(order).write_parquet(str(file), compression="zstd", row_group_size=TOGETHER)
