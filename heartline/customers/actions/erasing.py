"""Erasing a person: their words, addresses and files go from every table; what is counted stays, and names nobody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Model, Q
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict
from heartline.customers.data_classes import is_removed, owned_by, personal_fields
from heartline.customers.events import CustomerErased
from heartline.customers.models import Customer, Merge, Suggestion
from heartline.customers.neighbours import NEIGHBOURS
from heartline.ledger.actions import one_change, record

PART = 500


def erase_customer(customer: Customer, *, by: Actor, now: datetime) -> tuple[str, ...]:
    """Remove everything that could name a customer, also what was merged into them; returns which tables changed."""
    with one_change():
        standing = Customer.objects.select_for_update().filter(id=customer.id, erased_at=None, merged_into=None).first()
        if standing is None:
            raise Conflict(_("This customer has just been merged or erased. Look again"))
        for allowed in NEIGHBOURS.before_erasure:
            allowed(standing, now)
        scrub_as_we_go()
        people = [standing.id, *merged_into(standing.id)]
        Suggestion.objects.filter(Q(first_id__in=people) | Q(second_id__in=people)).delete()
        cleared = clear_rows(Customer, people)
        Customer.objects.filter(id__in=people).update(
            erased_at=now,
            attributes={},
            organisation=None,
            customer_since=None,
            do_not_contact=True,
            needs_care=False,
        )
        event = CustomerErased(customer_id=standing.id, cleared=tuple(sorted(cleared)))
        record(event, by=by, now=now, sample=standing.is_sample)
    customer.refresh_from_db()
    return tuple(sorted(cleared))


def merged_into(customer_id: int) -> list[int]:
    """Return the records that were merged into one, and those merged into them before."""
    found: list[int] = []
    level = [customer_id]
    while level:
        level = list(Customer.objects.filter(merged_into_id__in=level).values_list("id", flat=True))
        found += level
    return found


def clear_rows(model: type[Model], ids: Iterable[Any]) -> set[str]:
    """Clear the words of rows and of everything that belongs to them; returns the names of the tables touched."""
    touched: set[str] = set()
    pending = [(model, list(ids))]
    seen: set[tuple[str, Any]] = set()
    while pending:
        table, keys = pending.pop()
        keys = [key for key in keys if (table._meta.label_lower, key) not in seen]
        if not keys:
            continue
        seen |= {(table._meta.label_lower, key) for key in keys}
        for related, column in owned_by(table):
            if related not in (Merge, Suggestion):
                pending += [(related, _keys(related, column, part)) for part in _parts(keys)]
        touched |= _clear(table, keys)
    return touched


def scrub_as_we_go() -> None:
    """Let SQLite write zeros over what is removed, instead of leaving it in free pages."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")


def _keys(related: Any, column: str, owners: list[Any]) -> list[Any]:
    return list(related.objects.filter(**{f"{column}__in": owners}).values_list("pk", flat=True))


def _clear(table: type[Model], keys: list[Any]) -> set[str]:
    managed: Any = table
    rows = managed.objects
    for told in NEIGHBOURS.words_gone:
        told(table, keys)
    columns = list(personal_fields(table))
    for part in _parts(keys):
        if is_removed(table):
            rows.filter(pk__in=part).delete()
            continue
        blank = {
            column.name: _nothing(column) for column in columns if not column.unique and not _in_key(table, column)
        }
        if blank:
            rows.filter(pk__in=part).update(**blank)
        for column in columns:
            if column.unique or _in_key(table, column):
                _replace(rows, column, part)
    return {table._meta.label_lower} if is_removed(table) or columns else set()


def _replace(rows: Any, column: Any, keys: list[Any]) -> None:
    """A value that must differ from row to row becomes one that says nothing."""
    if column.null:
        rows.filter(pk__in=keys).update(**{column.name: None})
        return
    for key in keys:
        rows.filter(pk=key).update(**{column.name: f"erased-{key}"})


def _nothing(column: Any) -> Any:
    if isinstance(column, models.JSONField):
        return column.get_default()
    return None if column.null else ""


def _in_key(table: type[Model], column: Any) -> bool:
    """Return whether a column is part of what must be unique together."""
    constraints = [one for one in table._meta.constraints if isinstance(one, models.UniqueConstraint)]
    return any(column.name in one.fields for one in constraints)


def _parts(keys: list[Any]) -> Iterable[list[Any]]:
    return (keys[start : start + PART] for start in range(0, len(keys), PART))
