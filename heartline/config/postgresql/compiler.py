"""The compilers Django looks for by name, for PostgreSQL."""

from django.db.backends.postgresql.compiler import (
    SQLAggregateCompiler,
    SQLDeleteCompiler,
    SQLInsertCompiler,
    SQLUpdateCompiler,
)
from django.db.backends.postgresql.compiler import SQLCompiler as PostgreSQLCompiler

from heartline.config.plain_columns import PlainColumns

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


class SQLCompiler(PlainColumns, PostgreSQLCompiler):  # type: ignore[misc]  # the stubs say that what is private returns nothing
    """Django's, quicker with plain columns."""
