"""Customers as files: a list for a spreadsheet, and everything about one person."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.customers.data_classes import owned_by
from heartline.customers.events import CustomersExported
from heartline.customers.models import Attribute, Customer, Merge, Suggestion
from heartline.customers.queries import known_before_as
from heartline.customers.rules.tables import harmless
from heartline.ledger.actions import one_change, record
from heartline.ledger.models import Entry

BOM = "\ufeff"  # without it Excel in Chinese Windows shows garbage
SECRET = ("token", "_hash", "sha256", "client_key")
CHUNK = 500


def note_export(customer: Customer | None, count: int, what: str, *, by: Actor, now: datetime) -> None:
    """Record that data left this system."""
    with one_change():
        event = CustomersExported(customer_id=customer.id if customer else None, count=count, what=what)
        record(event, by=by, now=now, sample=bool(customer and customer.is_sample))


def as_csv(rows: QuerySet[Customer]) -> Iterator[str]:
    """Yield a table of customers, a line at a time, in columns that the import reads back."""
    attributes = list(Attribute.objects.all())
    headings = [
        _("Number"), _("Name"), _("Form of address"), _("Organisation"), _("Tier"), _("Language"), _("Place"),
        _("Customer since"), _("Customer number"), _("E-mail"), _("Phone"), _("Do not contact"), _("About"),
    ]  # fmt: skip
    yield BOM + _line([*headings, *(attribute.name for attribute in attributes)])
    ordered = rows.select_related("organisation").prefetch_related("identities").order_by("id")
    for customer in ordered.iterator(chunk_size=CHUNK):
        yield _line(_cells(customer, attributes))


def everything_about(customer: Customer, *, now: datetime) -> dict[str, Any]:
    """Return all we keep about a customer, table by table, made from the register of tables; secrets are left out."""
    people = known_before_as(customer)
    tables: dict[str, list[dict[str, Any]]] = {}
    pending: list[tuple[type[Model], list[Any]]] = [(Customer, people)]
    seen: set[tuple[str, Any]] = set()
    while pending:
        table, keys = pending.pop(0)
        keys = [key for key in keys if (table._meta.label_lower, key) not in seen]
        if not keys:
            continue
        seen |= {(table._meta.label_lower, key) for key in keys}
        tables.setdefault(table._meta.label_lower, []).extend(_rows(table, keys))
        for related, column in owned_by(table):
            if related not in (Merge, Suggestion):
                owned: Any = related
                ids = owned.objects.filter(**{f"{column}__in": keys}).values_list("pk", flat=True)
                pending.append((related, list(ids)))
    history = Entry.objects.filter(customer_id__in=people).order_by("id")
    told = [{"at": row.at.isoformat(), "kind": row.kind, "body": row.body} for row in history.iterator()]
    return {"made_at": now.isoformat(), "customer_id": customer.id, "tables": tables, "history": told}


def _rows(table: type[Model], keys: list[Any]) -> Iterator[dict[str, Any]]:
    rows: Any = table
    names = [column.attname for column in table._meta.concrete_fields if not column.name.endswith(SECRET)]
    for row in rows.objects.filter(pk__in=keys).order_by("pk").values(*names):
        yield {name: _plain(value) for name, value in row.items() if value not in (None, "", [], {})}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def _cells(customer: Customer, attributes: list[Attribute]) -> list[str]:
    addresses: dict[str, list[str]] = {}
    for row in customer.identities.all():
        addresses.setdefault(row.kind, []).append(row.value)
    return [
        str(customer.id),
        customer.name,
        customer.form_of_address,
        customer.organisation.name if customer.organisation else "",
        customer.tier,
        customer.language,
        customer.place,
        customer.customer_since.isoformat() if customer.customer_since else "",
        *("; ".join(addresses.get(kind, ())) for kind in ("external", "email", "phone")),
        _("yes") if customer.do_not_contact else "",
        customer.about,
        *(str(customer.attributes.get(attribute.key, "")) for attribute in attributes),
    ]


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(cell) for cell in cells])
    return out.getvalue()
