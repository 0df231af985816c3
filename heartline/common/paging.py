"""Pages of a list by cursor: nothing is shown twice or left out when rows are added meanwhile."""

from __future__ import annotations

import base64
import json
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import Invalid

Row = TypeVar("Row", bound=Model)


def page_of(rows: QuerySet[Row], cursor: str, limit: int, *, newest_first: bool = True) -> tuple[list[Row], str | None]:
    """Return the rows after a cursor, ordered by id, and the cursor of what follows."""
    if cursor:
        rows = rows.filter(_beyond(read_cursor(cursor), newest_first))
    found = list(rows.order_by("-id" if newest_first else "id")[: limit + 1])
    more = len(found) > limit
    return found[:limit], write_cursor(found[limit - 1].pk) if more else None


def write_cursor(id: int) -> str:
    """Return a place in a list as one opaque word."""
    return base64.urlsafe_b64encode(json.dumps([id]).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> int:
    """Return the id that a cursor stands for, or raise Invalid."""
    try:
        (id,) = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError):
        id = None
    if not isinstance(id, int) or isinstance(id, bool) or not 0 <= id < 2**63 or write_cursor(id) != cursor:
        message = _("This cursor is not one of ours. Start again without it")
        raise Invalid(message, code="cursor_unknown", fields={"cursor": message})
    return id


def _beyond(id: int, newest_first: bool) -> Any:
    return Q(id__lt=id) if newest_first else Q(id__gt=id)
