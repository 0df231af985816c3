"""One row by its number, for programs: of rows that a reader may see, or of settings that everybody with the right sees."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound

Row = TypeVar("Row", bound=Model)


def row_of(rows: QuerySet[Row] | type[Row], id: int) -> Row:
    """Return the row with a number among some rows, or all of a table, or raise NotFound."""
    among = rows if isinstance(rows, QuerySet) else QuerySet(rows)
    found = among.filter(pk=id).first()
    if found is None:
        raise NotFound(_("There is no such thing"))
    return found
