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


@ledger_event("customers.tier_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class TierChanged(LedgerEvent):
    """A customer moved to another tier. `why` is rule, hand or import."""

    customer_id: int
    from_tier: str
    tier: str
    why: str
    rule_id: int | None


@ledger_event("customers.note_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class NoteChanged(LedgerEvent):
    """A note about a customer was added or removed; its words are not repeated here."""

    customer_id: int
    note_id: int
    what: str


@ledger_event("customers.consent_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class ConsentChanged(LedgerEvent):
    """A customer agreed to something or refused it."""

    customer_id: int
    consent_id: int
    purpose: str
    is_given: bool


@ledger_event("customers.identity_removed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class IdentityRemoved(LedgerEvent):
    """An address was taken away from a customer."""

    customer_id: int
    identity_id: int
    identity_kind: str


@ledger_event("customers.addresses_shown", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class AddressesShown(LedgerEvent):
    """A colleague asked to see a customer's addresses in full."""

    customer_id: int


@ledger_event("customers.customers_merged", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class CustomersMerged(LedgerEvent):
    """One record went into another; how many rows of which table changed hands."""

    customer_id: int
    gone_id: int
    merge_id: int
    moved: tuple[str, ...]


@ledger_event("customers.customers_unmerged", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class CustomersUnmerged(LedgerEvent):
    """A merge was undone: what had moved went back."""

    customer_id: int
    gone_id: int
    merge_id: int
    moved: tuple[str, ...]


@ledger_event("customers.duplicate_dismissed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class DuplicateDismissed(LedgerEvent):
    """A colleague said that two records are two people."""

    customer_id: int
    other_id: int


@ledger_event("customers.import_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class ImportChanged(LedgerEvent):
    """An import of customers was started, stopped or ended."""

    import_id: int
    state: str
    rows: int
    added: int
    changed: int
    unchanged: int
    refused: int


@ledger_event("customers.exported", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class CustomersExported(LedgerEvent):
    """Customers' data left this system as a file: a list, or everything about one."""

    customer_id: int | None
    count: int
    what: str


@ledger_event("customers.erased", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class CustomerErased(LedgerEvent):
    """Everything that could name a customer was removed; what is counted stays."""

    customer_id: int
    cleared: tuple[str, ...]


@ledger_event("customers.retention_done", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class RetentionDone(LedgerEvent):
    """Words and files of old contacts of a channel, or old events from outside, were removed as the retention rule says."""

    channel: str
    contacts: int
    days: int


@ledger_event("customers.organisation_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(LedgerEvent):
    """An organisation was added or changed."""

    organisation_id: int
    changed: tuple[str, ...]
