"""Spelling out the plain columns of a question without asking each of them.

The questions behind one page select about a thousand columns. Django asks each one, through eight calls, how it is
spelt, and where a question is ordered it also computes a hash of each, to see whether it is ordered by that very
expression: together a third of the page. Both are known beforehand for what nearly all of our columns are.
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
