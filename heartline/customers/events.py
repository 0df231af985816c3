"""Facts about customers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def add_names(bodies: list[dict[str, Any]]) -> None:
    """Add `customer_name` to bodies with a `customer_id`; an erased customer has an empty name."""
    ids = {body["customer_id"] for body in bodies}
    names = dict(apps.get_model("customers", "Customer").objects.filter(id__in=ids).values_list("id", "name"))
    for body in bodies:
        body["customer_name"] = names.get(body["customer_id"], "")


@ledger_event("customers.customer_created", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class CustomerCreated(LedgerEvent):
    """Somebody we did not know reached us."""

    customer_id: int
    brand_id: int
    language: str


@ledger_event("customers.customer_changed", audience=topics.of_case, enrich=add_names)
@dataclass(frozen=True, kw_only=True)
class CustomerChanged(LedgerEvent):
    """Something we know about a customer changed; values of personal fields are not repeated here."""

    customer_id: int
    case_id: int | None
    queue_id: int | None
    changed: tuple[str, ...]
    tier: str
    language: str


@ledger_event("customers.identity_added", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class IdentityAdded(LedgerEvent):
    """A customer gave another address."""

    customer_id: int
    identity_id: int
    identity_kind: str
    verified: bool
