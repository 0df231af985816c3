"""Indexes that hold only what is looked for: every index is one more page to write for each new row."""

from __future__ import annotations

from typing import Any

from django.db.migrations import AlterField
from django.db.models import Index, Q


def indexed_where_known(field: str, name: str, *, then: str = "") -> Index:
    """Return an index of a column over the rows that have a value there; `then` is a second column to order by."""
    fields = [field, then] if then else [field]
    return Index(fields=fields, condition=Q(**{f"{field}__isnull": False}), name=name)


class WithoutIndex(AlterField):
    """A migration by which a foreign key loses its own index. Only that is dropped: SQLite would write the table anew."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Drop the index."""
        model = from_state.apps.get_model(app_label, self.model_name)
        column, named = model._meta.get_field(self.name).column, [index.name for index in model._meta.indexes]
        for name in schema_editor._constraint_names(model, [column], index=True, exclude=named):  # noqa: SLF001 Django's own way
            schema_editor.execute(
                schema_editor._delete_constraint_sql(schema_editor.sql_delete_index, model, name)  # noqa: SLF001 as above
            )

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the index again."""
        model = to_state.apps.get_model(app_label, self.model_name)
        field = model._meta.get_field(self.name)
        schema_editor.execute(schema_editor._create_index_sql(model, fields=[field]))  # noqa: SLF001 as above
