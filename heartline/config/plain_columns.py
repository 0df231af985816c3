"""Spelling out the plain columns of a question, and of a new row, without asking each of them.

The questions behind one page select about a thousand columns. Django asks each one, through eight calls, how it is
spelt, and where a question is ordered it also computes a hash of each, to see whether it is ordered by that very
expression: together a third of the page. Both are known beforehand for what nearly all of our columns are. Of a new
row it asks each column for its place among the values, which is always the same.
The SQL stays the same to the letter; a test compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from django.db.models.expressions import Col

UNNAMED = object()


class PlainColumns:
    """A part of a compiler, before Django's own."""

    select: Any
    query: Any
    quote_name_unless_alias: Callable[[Any], str]

    def compile(self, node: Any) -> tuple[str, Any]:
        """Return the SQL of an expression and its parameters."""
        if type(node) is not Col:
            spelt: tuple[str, Any] = super().compile(node)  # type: ignore[misc]  # the compiler it is a part of
            return spelt
        column = self.quote_name_unless_alias(node.target.column)
        return (f"{self.quote_name_unless_alias(node.alias)}.{column}" if node.alias else column), []

    def _order_by_pairs(self) -> Iterator[Any]:
        """Yield what to order by; names are looked for among the columns that have one, and no other is hashed."""
        whole = self.select
        if not whole or self.query.combinator or not self._is_ordered_by_names():
            yield from super()._order_by_pairs()  # type: ignore[misc]  # as above
            return
        self.select = [(column if alias else UNNAMED, text, alias) for column, text, alias in whole]
        try:
            pairs = list(super()._order_by_pairs())  # type: ignore[misc]  # as above
        finally:
            self.select = whole
        yield from pairs

    def _is_ordered_by_names(self) -> bool:
        query, meta = self.query, self.query.get_meta()
        ordering = query.extra_order_by or query.order_by or (meta.ordering if meta else ())
        return all(isinstance(one, str) for one in ordering)


class PlainInsert:
    """A part of an insert's compiler, before Django's own."""

    query: Any
    connection: Any
    returning_fields: Any
    returning_params: tuple[Any, ...]

    def as_sql(self) -> list[tuple[str, tuple[Any, ...]]]:
        """Return the SQL that adds rows, for one row of plain values with the text it had the last time."""
        values = self._plain_values()
        if values is None:
            return super().as_sql()  # type: ignore[misc,no-any-return]  # the compiler it is a part of
        known = _inserts(self.connection)
        what = (self.query.model, tuple(self.query.fields), tuple(self.returning_fields or ()))
        if what not in known:
            ((text, _values),) = super().as_sql()  # type: ignore[misc]  # as above
            known[what] = text, self.returning_params
        text, self.returning_params = known[what]
        return [(text, (*values, *self.returning_params))]

    def _plain_values(self) -> list[Any] | None:
        """Return the values of the one row there is; None when there are more, or some are to be computed."""
        query = self.query
        if len(query.objs) != 1 or query.raw or query.on_conflict is not None or not query.fields:
            return None
        (row,), connection = query.objs, self.connection
        values = [field.pre_save(row, True) for field in query.fields]
        if any(hasattr(value, "as_sql") for value in values):
            return None
        return [
            field.get_db_prep_save(value, connection=connection)
            for field, value in zip(query.fields, values, strict=True)
        ]


def _inserts(connection: Any) -> dict[Any, tuple[str, tuple[Any, ...]]]:
    """Return the texts of inserts that a connection has spelt out; there are as many as tables."""
    known: dict[Any, tuple[str, tuple[Any, ...]]] = vars(connection).setdefault("heartline_inserts", {})
    return known
