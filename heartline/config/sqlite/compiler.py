"""The compilers Django looks for by name, for SQLite."""

from django.db.models.sql.compiler import SQLAggregateCompiler, SQLDeleteCompiler, SQLUpdateCompiler
from django.db.models.sql.compiler import SQLCompiler as DjangoCompiler
from django.db.models.sql.compiler import SQLInsertCompiler as DjangoInsertCompiler

from heartline.config.plain_columns import PlainColumns, PlainInsert

__all__ = ["SQLAggregateCompiler", "SQLCompiler", "SQLDeleteCompiler", "SQLInsertCompiler", "SQLUpdateCompiler"]


class SQLCompiler(PlainColumns, DjangoCompiler):  # type: ignore[misc]  # the stubs say that what is private returns nothing
    """Django's, quicker with plain columns."""


class SQLInsertCompiler(PlainInsert, DjangoInsertCompiler):  # type: ignore[misc]  # as above
    """Django's, quicker with one new row."""
