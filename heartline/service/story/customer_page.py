"""What has happened to a customer, on the customer's own page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from heartline.customers.models import Customer
from heartline.customers.neighbours import NEIGHBOURS, Panel
from heartline.people.queries import Scope
from heartline.service.story.timeline import lines_about


def register() -> None:
    """Add the panel below the cases; called once, when Django starts."""
    NEIGHBOURS.panels.append(Panel("service/customer_history.html", "contact.serve", _history_panel))


def _history_panel(scope: Scope, customer: Customer, now: datetime) -> dict[str, Any]:
    lines, more = lines_about(customer)
    return {"lines": [{**line, "at": datetime.fromisoformat(line["at"])} for line in lines], "more": more}
