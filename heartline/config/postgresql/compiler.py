"""The compilers Django looks for by name, for PostgreSQL."""

from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLUpdateCompiler,
)
from django.db.backends.postgresql.compiler import SQLCompiler as PostgreSQLCompiler
from django.db.backends.postgresql.compiler import SQLInsertCompiler as PostgreSQLInsertCompiler

from heartline.config.plain_columns import PlainColumns, PlainInsert

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


class SQLCompiler(PlainColumns, PostgreSQLCompiler):  # type: ignore[misc]  # the stubs say that what is private returns nothing
    """Django's, quicker with plain columns."""


class SQLInsertCompiler(PlainInsert, PostgreSQLInsertCompiler):  # type: ignore[misc]  # as above
    """Django's, quicker with one new row."""
