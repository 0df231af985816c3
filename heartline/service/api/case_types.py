"""Types of cases and what a case holds in the fields of its type, for programs."""

from __future__ import annotations

from typing import Annotated, Literal

from ninja import Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.rows import row_of
from heartline.common.schemas import Done, Id, Moved, Sent
from heartline.conversations.case_types import actions
from heartline.conversations.models import Case, CaseField, CaseType, CaseValue
from heartline.conversations.queries import case_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.service.api.desk import worker_of
from heartline.service.cases.fields import fill_in, type_named

router = Router(tags=["Case types"])

Name = Annotated[str, Field(min_length=1, max_length=120)]
NameOrNone = Annotated[str, Field(max_length=120)]
Kind = Literal["text", "number", "date", "choice", "yes_no"]
Values = Annotated[
    dict[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=1000)]], Field(max_length=60)
]


class ChoiceText(Sent):
    """A choice in both languages. What is kept of it is its English name."""

    en: Annotated[str, Field(min_length=1, max_length=80)]
    zh: Annotated[str, Field(max_length=80)] = ""


class FieldShown(BaseModel):
    """Something that is asked of cases of a type."""

    id: int
    key: str
    name_en: str
    name_zh: str
    kind: str
    choices: list[ChoiceText]
    is_needed: bool
    is_active: bool


class TypeShown(BaseModel):
    """A type of case with its fields in their order. One that is not active is on cases and chosen no more."""

    id: int
    key: str
    name_en: str
    name_zh: str
    is_active: bool
    fields: list[FieldShown]


class TypesShown(BaseModel):
    """Every type of case."""

    items: list[TypeShown]


class ValueShown(BaseModel):
    """What a field of a case holds: dates as 2026-03-06, numbers as digits, choices by their English name, yes or no."""

    key: str
    kind: str
    value: str


class CaseFieldsShown(BaseModel):
    """The type of a case and what its fields hold; fields that hold nothing are left out."""

    case_id: int
    type_id: int | None
    fields: list[ValueShown]


class CaseFieldsSent(Sent):
    """The type of a case, and values by key of the fields to set; an empty value takes one away, the others stay."""

    type_id: Id | None
    fields: Values = {}


class TypeSent(Sent):
    """A type of case."""

    name_en: Name
    name_zh: NameOrNone = ""
    is_active: bool = True


class TypeChanges(Sent):
    """What to change of a type; what is left out stays."""

    name_en: Name = ""
    name_zh: NameOrNone = ""
    is_active: bool = True


class FieldSent(Sent):
    """A field of a type."""

    name_en: Name
    name_zh: NameOrNone = ""
    kind: Kind
    choices: Annotated[list[ChoiceText], Field(max_length=100)] = []
    is_needed: bool = False
    is_active: bool = True


class FieldChanges(Sent):
    """What to change of a field; what is left out stays. Its kind cannot change once values are kept."""

    name_en: Name = ""
    name_zh: NameOrNone = ""
    kind: Kind = "text"
    choices: Annotated[list[ChoiceText], Field(max_length=100)] = []
    is_needed: bool = False
    is_active: bool = True


@router.get("/case-types", response=TypesShown)
def list_case_types(request: StaffRequest) -> TypesShown:
    """Return the types of cases with what is asked of each, in their order."""
    return TypesShown(items=[_type(row) for row in CaseType.objects.prefetch_related("fields")])


@router.get("/cases/{case_id}/fields", response=CaseFieldsShown)
def read_case_fields(request: StaffRequest, case_id: Id) -> CaseFieldsShown:
    """Return the type of a case and what is known of it in the fields of that type."""
    return _held(case_for(request.scope, case_id))


@router.put("/cases/{case_id}/fields", response=CaseFieldsShown)
def change_case_fields(request: StaffRequest, case_id: Id, sent: CaseFieldsSent) -> CaseFieldsShown:
    """Give a case a type and its fields values, all of it or nothing."""
    case = case_for(request.scope, case_id)
    fill_in(worker_of(request), case, type_named(sent.type_id), sent.fields)
    return _held(case)


@router.post("/setup/case-types", response={201: TypeShown})
def add_case_type(request: StaffRequest, sent: TypeSent) -> TypeShown:
    """Add a type of case, at the end."""
    row = actions.save_type(CaseType(), sent.model_dump(), by=actor_for(request.user), now=clock.now())
    return _type(row)


@router.patch("/setup/case-types/{type_id}", response=TypeShown)
def change_case_type(request: StaffRequest, type_id: Id, sent: TypeChanges) -> TypeShown:
    """Change a type of case; taken out of use, it stays on the cases that have it."""
    given = sent.model_dump(exclude_unset=True)
    return _type(actions.save_type(row_of(CaseType, type_id), given, by=actor_for(request.user), now=clock.now()))


@router.post("/setup/case-types/{type_id}/move", response=TypesShown)
def move_case_type(request: StaffRequest, type_id: Id, sent: Moved) -> TypesShown:
    """Move a type among the others."""
    row = row_of(CaseType, type_id)
    actions.move_row(row, up=sent.to == "up", by=actor_for(request.user), now=clock.now())
    return list_case_types(request)


@router.delete("/setup/case-types/{type_id}", response=Done)
def remove_case_type(request: StaffRequest, type_id: Id) -> Done:
    """Remove a type that no case ever had."""
    actions.remove_type(row_of(CaseType, type_id), by=actor_for(request.user), now=clock.now())
    return Done()


@router.post("/setup/case-types/{type_id}/fields", response={201: FieldShown})
def add_case_field(request: StaffRequest, type_id: Id, sent: FieldSent) -> FieldShown:
    """Add a field to a type, at the end."""
    field = CaseField(type=row_of(CaseType, type_id))
    return _field(actions.save_field(field, sent.model_dump(), by=actor_for(request.user), now=clock.now()))


@router.patch("/setup/case-fields/{field_id}", response=FieldShown)
def change_case_field(request: StaffRequest, field_id: Id, sent: FieldChanges) -> FieldShown:
    """Change a field; what was filled in before stays."""
    given = sent.model_dump(exclude_unset=True)
    return _field(actions.save_field(row_of(CaseField, field_id), given, by=actor_for(request.user), now=clock.now()))


@router.post("/setup/case-fields/{field_id}/move", response=TypesShown)
def move_case_field(request: StaffRequest, field_id: Id, sent: Moved) -> TypesShown:
    """Move a field among those of its type."""
    row = row_of(CaseField, field_id)
    actions.move_row(row, up=sent.to == "up", by=actor_for(request.user), now=clock.now())
    return list_case_types(request)


@router.delete("/setup/case-fields/{field_id}", response=Done)
def remove_case_field(request: StaffRequest, field_id: Id) -> Done:
    """Remove a field that was never filled in."""
    actions.remove_field(row_of(CaseField, field_id), by=actor_for(request.user), now=clock.now())
    return Done()


def _type(row: CaseType) -> TypeShown:
    names = [name for name in TypeShown.model_fields if name != "fields"]
    given = {name: getattr(row, name) for name in names}
    return TypeShown(**given, fields=[_field(field) for field in row.fields.all()])


def _field(row: CaseField) -> FieldShown:
    return FieldShown(**{name: getattr(row, name) for name in FieldShown.model_fields})


def _held(case: Case) -> CaseFieldsShown:
    rows = CaseValue.objects.filter(case=case, field__type_id=case.type_id).select_related("field")
    fields = [
        ValueShown(key=row.field.key, kind=row.field.kind, value=row.text)
        for row in rows.order_by("field__order", "id")
    ]
    return CaseFieldsShown(case_id=case.id, type_id=case.type_id, fields=fields)
