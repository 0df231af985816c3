"""DuckDB, loaded when first needed: rows into Parquet, and questions about them."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from heartline.insight.facts.columns import SQL_TYPES, TABLES, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NULL = "\\N"
SETTINGS: Mapping[str, Any] = {
    "threads": 2,
    "memory_limit": "512MB",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}


def connect() -> DuckDBPyConnection:
    """Return an engine of its own, with nothing in it. Loading it the first time costs a quarter of a second and 45 MB."""
    import duckdb  # here and nowhere above: no process pays for it before somebody looks at months

    return duckdb.connect(":memory:", config=dict(SETTINGS))


class Pages:
    """Rows on their way into the engine: one text file for each table, quicker than handing over value by value."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._files = {name: self._open(folder, name, stack) for name in TABLES}
        self._writers = {name: csv.writer(file) for name, file in self._files.items()}
        self._folder = folder

    def write(self, table: str, rows: Iterable[Sequence[Any]]) -> None:
        """Add rows of a table."""
        self._writers[table].writerows([NULL if value is None else value for value in row] for row in rows)

    def source(self, table: str) -> str:
        """Return the rows written so far as a source for SQL."""
        self._files[table].flush()
        columns = ", ".join(f"'{name}': '{type}'" for name, type in sql_columns(TABLES[table]).items())
        file = str(self._folder / f"{table}.csv").replace("'", "''")
        return f"read_csv('{file}', header=false, auto_detect=false, delim=',', quote='\"', escape='\"', nullstr='{NULL}', columns={{{columns}}})"

    def _open(self, folder: Path, name: str, stack: ExitStack) -> TextIO:
        return stack.enter_context((folder / f"{name}.csv").open("w", newline="", encoding="utf-8"))


@contextmanager
def pages() -> Iterator[Pages]:
    """Give text files for rows, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="figures-") as folder, ExitStack() as stack:
        yield Pages(Path(folder), stack)


def sql_columns(table: Table) -> dict[str, str]:
    """Return the columns of a table with their SQL types."""
    return {name: SQL_TYPES[kind] for name, kind in table.columns.items()}


def parquet(file: Path) -> str:
    """Return a file of rows as a source for SQL."""
    name = str(file).replace("'", "''")
    return f"read_parquet('{name}')"


def save(engine: DuckDBPyConnection, query: str, file: Path, order: str) -> None:
    """Write what a query gives as a file of rows."""
    engine.sql(query).order(order).write_parquet(str(file), compression="zstd")
