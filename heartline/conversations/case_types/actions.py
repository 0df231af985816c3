"""The only writers of case types, of their fields, and of what cases hold in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.text import slugify
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.conversations.case_events import CaseFieldsChanged
from heartline.conversations.case_types.rules import read, tidied
from heartline.conversations.models import Case, CaseField, CaseType, CaseValue
from heartline.ledger.actions import one_change, record
from heartline.people.setup_actions.settings import note, remove_setting, write

MOST_FIELDS = 30


def save_type(row: CaseType, values: Mapping[str, Any], *, by: Actor, now: datetime) -> CaseType:
    """Add or change a type; its key stays for ever."""
    with one_change():
        if row.pk is None:
            keys = set(CaseType.objects.values_list("key", flat=True))
            last = CaseType.objects.aggregate(last=Max("order"))["last"]
            values = {**values, "key": _free_key(str(values["name_en"]), keys, "type"), "order": (last or 0) + 1}
        note("case_type", row, write(row, values), by=by, now=now)
    return row


def remove_type(row: CaseType, *, by: Actor, now: datetime) -> None:
    """Remove a type that no case ever had; others are taken out of use."""
    if row.cases.exists() or CaseValue.objects.filter(field__type=row).exists():
        raise Conflict(_("%(name)s is on cases, so it stays. Take it out of use instead") % {"name": row.name})
    remove_setting("case_type", row, by=by, now=now)


def save_field(field: CaseField, values: Mapping[str, Any], *, by: Actor, now: datetime) -> CaseField:
    """Add or change a field of a type; its kind stays what it was once values of that kind are kept."""
    kind, values = values.get("kind", field.kind), dict(values)
    if "choices" in values:
        values["choices"] = tidied(values["choices"])
    if field.pk and kind != field.kind and field.values.exists():
        message = _("The kind cannot change, because values of this kind are kept. Add another field instead")
        raise Invalid(message, fields={"kind": message})
    if kind == "choice" and not values.get("choices", field.choices):
        message = _("Write at least one choice, each on a line of its own")
        raise Invalid(message, fields={"listed": message})
    with one_change():
        if field.pk is None:
            values = {**values, **_new_place(field.type, str(values["name_en"]))}
        note("case_field", field, write(field, values), by=by, now=now)
    return field


def remove_field(field: CaseField, *, by: Actor, now: datetime) -> None:
    """Remove a field that no case was ever given a value in; others are taken out of use."""
    if field.values.exists():
        raise Conflict(_("%(name)s is on cases, so it stays. Take it out of use instead") % {"name": field.name})
    remove_setting("case_field", field, by=by, now=now)


def move_row(row: CaseType | CaseField, *, up: bool, by: Actor, now: datetime) -> None:
    """Move a type, or a field of its type, one place up or down; at the end nothing happens."""
    table: Any = type(row)
    rows = table.objects.filter(type=row.type) if isinstance(row, CaseField) else table.objects.all()
    with one_change():
        siblings = list(rows.order_by("order", "id"))
        place = siblings.index(row)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(siblings):
            return
        siblings[place], siblings[other] = siblings[other], siblings[place]
        for order, sibling in enumerate(siblings, 1):
            table.objects.filter(pk=sibling.pk).update(order=order)
        note("case_field" if isinstance(row, CaseField) else "case_type", row, ("order",), by=by, now=now)


def set_case_fields(
    case: Case, case_type: CaseType | None, typed: Mapping[str, str], *, by: Actor, now: datetime
) -> tuple[str, ...]:
    """Give a case a type, and its fields values by their keys; returns what changed. The ledger is not told the words.

    An empty value takes one away. What other types asked stays where it is, and is back when the case gets its type back.
    """
    with one_change():
        standing = Case.objects.select_for_update().get(id=case.id)
        if case_type and not case_type.is_active and standing.type_id != case_type.id:
            message = _("This type is no longer used. Choose another")
            raise Invalid(message, fields={"type_id": message})
        fields = _fields_named(case_type, typed)
        wanted = {field: _read(field, typed[field.key]) for field in fields}
        changed = tuple(field.key for field, text in wanted.items() if _write_value(case, field, text))
        type_id = case_type.id if case_type else None
        if not changed and standing.type_id == type_id:
            return ()
        Case.objects.filter(id=case.id).update(type_id=type_id, changed_at=now)
        case.type_id, case.changed_at = type_id, now
        event = CaseFieldsChanged(
            case_id=case.id,
            customer_id=case.customer_id,
            queue_id=case.queue_id,
            type_id=type_id,
            from_type_id=standing.type_id,
            changed=changed,
        )
        record(event, by=by, now=now, sample=case.is_sample)
    return (*(("type",) if standing.type_id != type_id else ()), *changed)


def _fields_named(case_type: CaseType | None, typed: Mapping[str, str]) -> list[CaseField]:
    known = {field.key: field for field in case_type.fields.filter(is_active=True)} if case_type else {}
    unknown = [key for key in typed if key not in known]
    if unknown:
        message = _("This type of case has no such field")
        raise Invalid(message, fields={f"field_{key}"[:80]: message for key in unknown[:5]})
    return [known[key] for key in typed]


def _read(field: CaseField, raw: str) -> str:
    try:
        return read(field.kind, raw, field.choices)
    except ValueError as error:
        wrong = {
            "number": _("This is no number. Write it like 12000 or 12,000.50"),
            "date": _("This is no date. Write it like 2026-03-06"),
            "yes_no": _("Answer yes or no"),
        }
        message = wrong.get(str(error), _("Choose from the list"))
        words = _("%(field)s: %(what)s") % {"field": field.name, "what": message}
        raise Invalid(words, fields={f"field_{field.key}": message}) from None


def _write_value(case: Case, field: CaseField, text: str) -> bool:
    standing = CaseValue.objects.filter(case=case, field=field).first()
    if (standing.text if standing else "") == text:
        return False
    if standing and not text:
        standing.delete()
    elif standing:
        CaseValue.objects.filter(id=standing.id).update(text=text)
    else:
        CaseValue.objects.create(case=case, field=field, text=text)
    return True


def _new_place(case_type: CaseType, name: str) -> dict[str, Any]:
    rows = CaseField.objects.filter(type=case_type)
    if rows.count() >= MOST_FIELDS:
        message = _("A type of case has up to %(limit)s fields: longer forms are filled in wrong") % {
            "limit": MOST_FIELDS
        }
        raise Invalid(message)
    last = rows.aggregate(last=Max("order"))["last"]
    return {"key": _free_key(name, set(rows.values_list("key", flat=True)), "field"), "order": (last or 0) + 1}


def _free_key(name: str, taken: set[str], otherwise: str) -> str:
    wanted = slugify(name)[:50].strip("-") or otherwise
    return next(key for key in [wanted, *(f"{wanted}-{number}" for number in range(2, 10_000))] if key not in taken)
