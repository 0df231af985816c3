"""Macros and changes of several cases at once, for programs."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.paging import page_of
from heartline.common.schemas import BIGGEST, Done, Id, Page, PageAsked, Sent
from heartline.conversations import levels
from heartline.conversations.api.quick_replies import Level, whose
from heartline.conversations.macros.actions import remove_macro as remove
from heartline.conversations.macros.actions import save_macro
from heartline.conversations.macros.queries import macro_for, macros_for
from heartline.conversations.models import Macro
from heartline.conversations.queries import case_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.service.api.desk import worker_of
from heartline.service.cases import bulk
from heartline.service.cases.macros import MACRO_STEPS, refusal_of, told
from heartline.service.cases.macros import run_macro as run
from heartline.service.cases.steps import checked

router = Router(tags=["Macros, several cases at once"])

Names = Annotated[list[Annotated[str, Field(min_length=1, max_length=40)]], Field(max_length=20)]
Who = Annotated[str, Field(pattern=r"^(person|team):[0-9]{1,15}$")]
State = Literal["open", "waiting_customer", "waiting_internal", "solved", "closed"]
Until = Literal["hour", "evening", "tomorrow", "monday", "week"]


class BulkStep(Sent):
    """One change: `do` says which, and the field of that name what to.

    tag (`add`, `remove`) · state (`state`) · owner (`owner`: a person's id, "me", or null for nobody) · queue (`queue`) ·
    snooze (`until`) · task (`what`, `who`).
    """

    do: Literal["tag", "state", "owner", "queue", "snooze", "task"]
    add: Names = []
    remove: Names = []
    state: State = "open"
    owner: Annotated[int, Field(ge=1, le=BIGGEST)] | Literal["me"] | None = None
    queue: Id = 1
    until: Until = "tomorrow"
    what: Annotated[str, Field(max_length=300)] = ""
    who: Who = "person:0"


class MacroStep(BulkStep):
    """One step of a macro: a change, or words (`text`) as a reply or a note; variables of quick replies can be used."""

    do: Literal["tag", "state", "owner", "queue", "snooze", "task", "reply", "note"]  # type: ignore[assignment]  # and words
    text: Annotated[str, Field(max_length=4000)] = ""


class MacroSent(Sent):
    """A macro, its steps in order, and whose it is."""

    name: Annotated[str, Field(min_length=1, max_length=80)]
    steps: Annotated[list[MacroStep], Field(min_length=1, max_length=20)]
    level: Level = "own"


class MacroShown(BaseModel):
    """A macro. `level` is own, everybody, or the id of a team."""

    id: int
    name: str
    steps: list[dict[str, Any]]
    level: str
    may_change: bool
    used_count: int


class MacroLineShown(BaseModel):
    """One thing that a macro will do, and whether it can be taken back."""

    text: str
    can_be_undone: bool


class MacroPreviewShown(BaseModel):
    """What a macro will do to a case, and why it cannot; empty when it can."""

    lines: list[MacroLineShown]
    refusal: str


class MacroDoneShown(BaseModel):
    """What was done in one go; with `can_be_undone` it is taken back at /deeds/{id}/undo."""

    deed_id: int
    can_be_undone: bool


class BulkSent(Sent):
    """Changes to several cases, each case by itself."""

    case_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    steps: Annotated[list[BulkStep], Field(min_length=1, max_length=20)]


class LeftShown(BaseModel):
    """A case that was left as it is, and why."""

    case_id: int
    why: str


class BulkShown(BaseModel):
    """How many cases were changed, what takes that back, and which were left alone."""

    deed_id: int | None
    done: int
    left: list[LeftShown]


@router.get("/macros", response=Page[MacroShown])
def list_macros(request: StaffRequest, asked: Query[PageAsked]) -> Page[MacroShown]:
    """Return the macros the caller may use, newest first."""
    found, following = page_of(macros_for(request.scope), asked.cursor, asked.limit)
    return Page(items=[_shown(request, row) for row in found], next=following)


@router.post("/macros", response={201: MacroShown})
def add_macro(request: StaffRequest, sent: MacroSent) -> MacroShown:
    """Add a macro: one's own, as a supervisor a team's, as an administrator everybody's."""
    return _shown(request, _saved(request, Macro(), sent))


@router.put("/macros/{macro_id}", response=MacroShown)
def change_macro(request: StaffRequest, macro_id: Id, sent: MacroSent) -> MacroShown:
    """Put another macro in the place of one."""
    return _shown(request, _saved(request, macro_for(request.scope, macro_id), sent))


@router.delete("/macros/{macro_id}", response=Done)
def remove_macro(request: StaffRequest, macro_id: Id) -> Done:
    """Remove a macro; what was done with it stays, and can still be taken back."""
    remove(request.scope, macro_for(request.scope, macro_id), by=actor_for(request.user), now=clock.now())
    return Done()


@router.get("/cases/{case_id}/macros/{macro_id}", response=MacroPreviewShown)
def preview_macro(request: StaffRequest, case_id: Id, macro_id: Id) -> MacroPreviewShown:
    """Return what a macro would do to a case; nothing is done."""
    worker, case, macro = worker_of(request), case_for(request.scope, case_id), macro_for(request.scope, macro_id)
    lines = [MacroLineShown(text=line.text, can_be_undone=line.can_be_undone) for line in told(worker, case, macro)]
    return MacroPreviewShown(lines=lines, refusal=refusal_of(worker, case, macro))


@router.post("/cases/{case_id}/macros/{macro_id}", response=MacroDoneShown)
def run_macro(request: StaffRequest, case_id: Id, macro_id: Id) -> MacroDoneShown:
    """Do all steps of a macro to a case, or none."""
    case, macro = case_for(request.scope, case_id), macro_for(request.scope, macro_id)
    deed = run(worker_of(request), case, macro)
    return MacroDoneShown(deed_id=deed.id, can_be_undone=bool(deed.parts["cases"]))


@router.post("/case-changes", response=BulkShown)
def change_cases(request: StaffRequest, sent: BulkSent) -> BulkShown:
    """Change several cases at once; what cannot be changed is left and named."""
    deed, left = bulk.change_many(worker_of(request), sent.case_ids, _steps(sent.steps))
    done = len(deed.parts["cases"]) if deed else 0
    return BulkShown(deed_id=deed.id if deed else None, done=done, left=[LeftShown(**one) for one in left])


# Which fields belong to which kind of step; the others are left out.
OWN = {
    "tag": ("add", "remove"),
    "state": ("state",),
    "owner": ("owner",),
    "queue": ("queue",),
    "snooze": ("until",),
    "task": ("what", "who"),
    "reply": ("text",),
    "note": ("text",),
}


def _steps(sent: list[BulkStep] | list[MacroStep]) -> list[dict[str, Any]]:
    return [{"do": step.do, **{name: getattr(step, name) for name in OWN[step.do]}} for step in sent]


def _saved(request: StaffRequest, row: Macro, sent: MacroSent) -> Macro:
    steps = list(checked(_steps(sent.steps), MACRO_STEPS))
    values = {"name": sent.name, "steps": steps, **whose(request, sent.level)}
    return save_macro(request.scope, row, values, by=actor_for(request.user), now=clock.now())


def _shown(request: StaffRequest, row: Macro) -> MacroShown:
    return MacroShown(
        id=row.id,
        name=row.name,
        steps=row.steps,
        level=levels.chosen(row),
        may_change=levels.may_change(request.scope, row),
        used_count=row.used_count,
    )
