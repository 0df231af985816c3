"""Facts from other systems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def add_words(bodies: list[dict[str, Any]]) -> None:
    """Add what was told to bodies with an `outside_id`; of an erased customer nothing is left."""
    ids = {body["outside_id"] for body in bodies}
    rows = apps.get_model("outside", "OutsideEvent").objects.filter(id__in=ids).values_list("id", "title", "text")
    told = {id: (title, text) for id, title, text in rows}
    for body in bodies:
        body["subject"], body["text"] = told.get(body["outside_id"], ("", ""))


@ledger_event("customers.outside_event", audience=topics.of_case, enrich=add_words)
@dataclass(frozen=True, kw_only=True)
class OutsideEventTold(LedgerEvent):
    """Another system told us of something about a customer: an order, a payment, a delivery."""

    customer_id: int
    outside_id: int
    source: str
    what: str
    happened_at: str
    queue_ids: tuple[int, ...]
