"""What makes a contact need us more, as parts of the query for what waits: none costs a query of its own.

Rooms above declare theirs, so that the router need not know them: each is an expression about a contact.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Value

from heartline.conversations.models import Case
from heartline.conversations.models.case import CaseState
from heartline.routing.rules.plan import Order

# The reason under which complaints are kept, itself or as the one above.
COMPLAINT = "complaint"
_SOLVED = (CaseState.SOLVED, CaseState.CLOSED)
NEEDS = ("broken_promise", "complaint", "vulnerable")
_declared: dict[str, Callable[[], Any]] = {}


def declare(name: str, expression: Callable[[], Any]) -> None:
    """Say how a need is found: `expression` is true or false for a contact with a `customer_id`."""
    _declared[name] = expression


def counted(order: Order) -> tuple[str, ...]:
    """Return the needs that count for something in the plan; the others need not be asked."""
    return tuple(name for name in NEEDS if getattr(order, name))


def of_waiting(counted: Collection[str]) -> dict[str, Any]:
    """Return the needs of each waiting contact, those that count."""
    found = {name: _declared[name]() if name in _declared else Value(False) for name in ("broken_promise",)}
    found |= {"complaint": _has_open_complaint(), "vulnerable": F("customer__needs_care")}
    return {name: found[name] if name in counted else Value(False) for name in NEEDS}


def _has_open_complaint() -> Exists:
    about = Q(reason__key=COMPLAINT) | Q(reason__parent__key=COMPLAINT)
    return Exists(Case.objects.filter(about, customer=OuterRef("customer_id")).exclude(state__in=_SOLVED))
