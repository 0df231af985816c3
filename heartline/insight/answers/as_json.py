"""An answer for programs: keys that stay, numbers with every digit, null where nothing is known."""

from __future__ import annotations

import json
from typing import Any

from heartline.insight.answers.shape import Answer, Table, plain


def as_json(answer: Answer) -> str:
    """Return an answer as JSON."""
    return json.dumps(as_data(answer), ensure_ascii=False, indent=2, allow_nan=False)


def as_data(answer: Answer) -> dict[str, Any]:
    """Return an answer as plain data: lists, mappings, texts and numbers."""
    return {
        "analysis": answer.analysis,
        "title": answer.title,
        "says": list(answer.says),
        "cautions": list(answer.cautions),
        "facts": plain(answer.facts),
        "tables": {table.key: _table(table) for table in answer.tables},
    }


def _table(table: Table) -> dict[str, Any]:
    columns = [
        {"key": column.key, "name": column.name, "kind": column.kind, "unit": column.unit} for column in table.columns
    ]
    return {"title": table.title, "columns": columns, "rows": list(table.records())}
