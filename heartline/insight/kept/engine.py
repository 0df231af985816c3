"""DuckDB, loaded when first needed: rows into Parquet, and questions about them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

from heartline.insight.facts.columns import SQL_TYPES, TABLES, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

SETTINGS: Mapping[str, Any] = {
    "threads": 2,
    "memory_limit": "512MB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
# Sorting much for keeps: in little memory, on one core, in whatever order is quickest to read.
SORTING: Mapping[str, Any] = {"threads": 1, "memory_limit": "160MB", "preserve_insertion_order": False}


def connect(room: Path | None = None) -> DuckDBPyConnection:
    """Return an engine of its own, with nothing in it; one with a folder as its room sorts there.

    Loading it the first time costs a quarter of a second and 45 MB.
    """
    import duckdb  # here and nowhere above: no process pays for it before somebody looks at months

    sorting = {**SORTING, "temp_directory": str(room / "spilled")} if room else {}
    return duckdb.connect(":memory:", config={**SETTINGS, **sorting})


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


def parquet(file: Path) -> str:
    """Return a file of rows as a source for SQL."""
    name = str(file).replace("'", "''")
    return f"read_parquet('{name}')"


# Bytes of text read at once.
AT_ONCE = 8_388_608
# A period is read without the rest: a file is as many pieces as it has rows in so large a number.
TOGETHER = 20_480


def save(engine: DuckDBPyConnection, query: str, file: Path, order: str) -> None:
    """Write what a query gives as a file of rows."""
    engine.sql(query).order(order).write_parquet(str(file), compression="zstd", row_group_size=TOGETHER)
