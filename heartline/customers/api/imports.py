"""Lists of customers that come as files, for programs: uploaded, mapped, begun, followed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import File, Query, Router, UploadedFile
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.paging import page_of
from heartline.common.rows import row_of
from heartline.common.schemas import Id, Page, PageAsked, Sent
from heartline.customers.actions import importing
from heartline.customers.models import Import
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Imports"])

Place = Annotated[str, Field(pattern=r"^[0-9]{1,3}$")]


class ImportShown(BaseModel):
    """A file of customers. `mapping` says by the number of a column (from 0) what it holds; `next_row` how far it has come."""

    id: int
    file_name: str
    encoding: str
    columns: list[str]
    mapping: dict[str, str]
    language: str
    state: str
    rows: int
    next_row: int
    added: int
    changed: int
    unchanged: int
    refused: int
    uploaded_at: datetime
    started_at: datetime | None
    ended_at: datetime | None


class MappingSent(Sent):
    """Where the columns go, by their number from 0: external, email, phone, name, … or attribute:key."""

    mapping: Annotated[dict[Place, Annotated[str, Field(max_length=60)]], Field(max_length=200)]
    language: Literal["en", "zh-hans"] = "en"


class ProblemShown(BaseModel):
    """A row that could not be taken; what stood there is not kept."""

    line: int
    column: str
    reason: str


@router.get("/imports", response=Page[ImportShown])
def list_imports(request: StaffRequest, asked: Query[PageAsked]) -> Page[ImportShown]:
    """Return the imports, newest first."""
    found, following = page_of(Import.objects.all(), asked.cursor, asked.limit)
    return Page(items=[_shown(row) for row in found], next=following)


@router.post("/imports", response={201: ImportShown})
def upload_import(request: StaffRequest, file: File[UploadedFile]) -> ImportShown:
    """Take a file in and guess how it is read. Nothing is imported before it is started."""
    arrived: Any = file  # it has a name, a size and its bytes, as Django's uploaded files have
    by = actor_for(request.user)
    return _shown(importing.take_file(arrived, language=request.user.language, by=by, now=clock.now()))


@router.get("/imports/{import_id}", response=ImportShown)
def read_import(request: StaffRequest, import_id: Id) -> ImportShown:
    """Return how far an import has come."""
    return _shown(_found(import_id))


@router.put("/imports/{import_id}/mapping", response=ImportShown)
def map_import(request: StaffRequest, import_id: Id, sent: MappingSent) -> ImportShown:
    """Say where the columns go; it is remembered for the next file with the same columns."""
    row = _found(import_id)
    return _shown(importing.plan_import(row, sent.mapping, language=sent.language, now=clock.now()))


@router.post("/imports/{import_id}/start", response=ImportShown)
def start_import(request: StaffRequest, import_id: Id) -> ImportShown:
    """Begin, or go on after a stop; the same file again changes nothing."""
    return _shown(importing.start_import(_found(import_id), by=actor_for(request.user), now=clock.now()))


@router.post("/imports/{import_id}/stop", response=ImportShown)
def stop_import(request: StaffRequest, import_id: Id) -> ImportShown:
    """Stop after the rows in hand; what is in stays in."""
    return _shown(importing.stop_import(_found(import_id), by=actor_for(request.user), now=clock.now()))


@router.get("/imports/{import_id}/problems", response=Page[ProblemShown])
def list_import_problems(request: StaffRequest, import_id: Id, asked: Query[PageAsked]) -> Page[ProblemShown]:
    """Return the rows that could not be taken, in the order in which they came."""
    found, following = page_of(_found(import_id).problems.all(), asked.cursor, asked.limit, newest_first=False)
    names = ProblemShown.model_fields
    return Page(items=[ProblemShown(**{name: getattr(row, name) for name in names}) for row in found], next=following)


def _found(import_id: int) -> Import:
    return row_of(Import, import_id)


def _shown(row: Import) -> ImportShown:
    return ImportShown(**{name: getattr(row, name) for name in ImportShown.model_fields})
