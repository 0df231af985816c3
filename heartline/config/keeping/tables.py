"""The tables of the database as files: one copied file for SQLite, one COPY file a table for PostgreSQL.

PostgreSQL's own pg_dump need not be installed: COPY inside one repeatable-read transaction gives the same
consistent moment, and the migrations recorded beside it give the same tables to load it into.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder
from psycopg import sql

from heartline.config.startup import copy_sqlite

SQLITE_FILE = "database.sqlite3"
RECORDED_ELSEWHERE = {"django_migrations"}  # written by the migrations themselves when the tables are made


def applied_migrations() -> list[list[str]]:
    """Return the migrations that the database has had."""
    return [list(key) for key in MigrationRecorder(connection).applied_migrations()]


def table_names() -> list[str]:
    """Return the tables that hold data."""
    return sorted(set(connection.introspection.table_names()) - RECORDED_ELSEWHERE)


def dump(folder: Path) -> tuple[dict[str, list[str]], dict[str, int]]:
    """Write the database into a folder as of one moment; returns each table's columns and number of rows."""
    if connection.vendor == "sqlite":
        copy_sqlite(Path(str(connection.settings_dict["NAME"])), folder / SQLITE_FILE)
        return {}, _rows_in_copy(folder / SQLITE_FILE)
    with _one_moment():
        columns = {table: _columns(table) for table in table_names()}
        for table, names in columns.items():
            _copy_out(table, names, folder / f"{table}.copy")
        return columns, row_counts()


def _rows_in_copy(path: Path) -> dict[str, int]:
    """Count in the copy: the original goes on changing."""
    copy = sqlite3.connect(path)
    try:
        counted = {}
        for name in table_names():
            rows = copy.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608 - quoted name
            counted[name] = int(rows.fetchone()[0])
        return counted
    finally:
        copy.close()


def row_counts() -> dict[str, int]:
    """Return how many rows each table has."""
    with connection.cursor() as cursor:
        counts = {}
        for table in table_names():
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 - quoted name
            counts[table] = int(cursor.fetchone()[0])
    return counts


def load(folder: Path, migrations: Iterable[list[str]], columns: dict[str, list[str]]) -> None:
    """Make the tables as they were and fill them, in an empty PostgreSQL database."""
    executor = MigrationExecutor(connection)
    executor.migrate([(app, name) for app, name in migrations])
    with transaction.atomic():
        _empty(row_counts())
        for table, names in columns.items():
            _copy_in(table, names, folder / f"{table}.copy")
            _continue_numbering(table, names)


@contextmanager
def _one_moment() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema()"
            " AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position",
            [table],
        )
        return [name for (name,) in cursor.fetchall()]


def _copy_out(table: str, names: list[str], target: Path) -> None:
    with (
        connection.cursor() as cursor,
        target.open("wb") as file,
        _raw(cursor).copy(_copy(table, names, "TO STDOUT")) as rows,
    ):
        for part in rows:
            file.write(part)


def _copy_in(table: str, names: list[str], source: Path) -> None:
    with (
        connection.cursor() as cursor,
        source.open("rb") as file,
        _raw(cursor).copy(_copy(table, names, "FROM STDIN")) as rows,
    ):
        while part := file.read(1 << 20):
            rows.write(part)


def _copy(table: str, names: list[str], direction: str) -> sql.Composed:
    columns = sql.SQL(", ").join(map(sql.Identifier, names))
    return sql.SQL("COPY {} ({}) " + direction).format(sql.Identifier(table), columns)


def _raw(cursor: Any) -> Any:
    return cursor.cursor  # Django's wrapper does not know COPY; psycopg's own cursor does


def _empty(counts: dict[str, int]) -> None:
    """Remove the few rows that migrations put in, so that the copied ones take their place."""
    with connection.cursor() as cursor:
        for table in (table for table, rows in counts.items() if rows):
            cursor.execute(f"TRUNCATE {connection.ops.quote_name(table)} CASCADE")


def _continue_numbering(table: str, names: list[str]) -> None:
    if "id" not in names:
        return
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [name])
        (sequence,) = cursor.fetchone()
        cursor.execute(f"SELECT MAX(id) FROM {name}")  # noqa: S608 - quoted name
        (highest,) = cursor.fetchone()
        if sequence and highest:
            cursor.execute("SELECT setval(%s, %s)", [sequence, highest])
