"""What types of cases there are, and what a case's fields hold."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from heartline.common.questions import written_once
from heartline.conversations.case_types.rules import choice_name, read
from heartline.conversations.models import Case, CaseField, CaseType, CaseValue

Card = dict[str, Any]


def type_cards(language: str) -> list[Card]:
    """Return every type with its fields as desks show them; those out of use are there to be read, not chosen."""
    return [_type_card(row, language) for row in _types()]


@written_once
def _types() -> QuerySet[CaseType]:
    return CaseType.objects.prefetch_related("fields")


def held_by(case_ids: Iterable[int]) -> dict[int, tuple[int | None, dict[str, str]]]:
    """Return the type of each case and what its fields hold, by field."""
    found: dict[int, tuple[int | None, dict[str, str]]] = {}
    for id, type_id, field_id, text in _fields_of(list(case_ids)):
        _type_id, values = found.setdefault(id, (type_id, {}))
        if field_id is not None:
            values[str(field_id)] = text
    return found


@written_once
def _fields_of(case_ids: Collection[int]) -> QuerySet[Case, Any]:
    """Return a row for each field that holds something, and one for a case in which none does."""
    held = Case.objects.filter(id__in=case_ids).order_by("values__field__order", "values__field_id")
    return held.values_list("id", "type_id", "values__field_id", "values__text")


def still_needed(case: Case) -> list[CaseField]:
    """Return the fields that wrap-up asks for and that hold nothing yet."""
    if case.type_id is None:
        return []
    held = CaseValue.objects.filter(case=case, field=OuterRef("pk"))
    asked = CaseField.objects.filter(type_id=case.type_id, is_needed=True, is_active=True)
    return list(asked.exclude(Exists(held)))


def cases_with(
    rows: QuerySet[Case], *, type_id: int | None = None, field: CaseField | None = None, value: str = ""
) -> QuerySet[Case]:
    """Return the cases of a type and, when a field is named, of a value in it: whole, or a part of a text."""
    if type_id is not None:
        rows = rows.filter(type_id=type_id)
    if field is None:
        return rows
    held = CaseValue.objects.filter(case=OuterRef("pk"), field=field)
    if not value:
        return rows.filter(Exists(held))
    try:
        kept = read(field.kind, value, field.choices)
    except ValueError:
        return rows.none()
    return rows.filter(Exists(held.filter(text__icontains=kept) if field.kind == "text" else held.filter(text=kept)))


def cases_saying(words: str) -> Q:
    """Return the test for cases in whose fields some words stand."""
    said = CaseValue.objects.filter(field__kind="text", text__icontains=words)
    return Q(id__in=said.values("case_id"))


def _type_card(row: CaseType, language: str) -> Card:
    fields = [_field_card(field, language) for field in row.fields.all()]
    return {"id": row.id, "name": row.name_in(language), "in_use": row.is_active, "fields": fields}


def _field_card(field: CaseField, language: str) -> Card:
    choices = [{"value": choice["en"], "name": choice_name(choice, language)} for choice in field.choices]
    return {
        "id": field.id,
        "key": field.key,
        "name": field.name_in(language),
        "kind": field.kind,
        "choices": choices,
        "is_needed": field.is_needed,
        "in_use": field.is_active,
    }
