"""The tree of contact reasons, and for how long replies are held, for programs."""

from __future__ import annotations

from typing import Annotated, Any

from django.forms import model_to_dict
from ninja import Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.filled import checked
from heartline.common.rows import row_of
from heartline.common.schemas import Done, Id, Moved, Sent
from heartline.conversations.actions import reasons as actions
from heartline.conversations.forms import ReasonForm
from heartline.conversations.models import ContactReason
from heartline.conversations.outgoing.actions import save_writing_settings
from heartline.conversations.outgoing.queries import writing_settings
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Set-up"])

Name = Annotated[str, Field(min_length=1, max_length=120)]
Seconds = Annotated[int, Field(ge=0, le=30)]


class ReasonSent(Sent):
    """A contact reason in a group, or, without one, a group. What is not active is not chosen any more."""

    name_en: Name
    name_zh: Annotated[str, Field(max_length=120)] = ""
    parent_id: Id | None = None
    is_active: bool = True


class ReasonChanges(Sent):
    """What to change of a reason; what is left out stays."""

    name_en: Name = "-"
    name_zh: Annotated[str, Field(max_length=120)] = ""
    parent_id: Id | None = None
    is_active: bool = True


class SetReasonShown(BaseModel):
    """A contact reason as it is set up."""

    id: int
    key: str
    name_en: str
    name_zh: str
    parent_id: int | None
    is_active: bool
    order: int


class Planted(BaseModel):
    """How many reasons there are now."""

    reasons: int


class WritingSent(Sent):
    """For how many seconds replies are held before they go; what is left out stays."""

    hold_chat_seconds: Seconds = 0
    hold_message_seconds: Seconds = 0


class WritingShown(BaseModel):
    """For how many seconds replies are held before they go, so that they can be taken back."""

    hold_chat_seconds: int
    hold_message_seconds: int


@router.post("/setup/reasons", response={201: SetReasonShown})
def add_reason(request: StaffRequest, sent: ReasonSent) -> SetReasonShown:
    """Add a contact reason at the end of its group; GET /reasons lists them."""
    return _saved(request, ContactReason(), sent.model_dump())


@router.patch("/setup/reasons/{reason_id}", response=SetReasonShown)
def change_reason(request: StaffRequest, reason_id: Id, sent: ReasonChanges) -> SetReasonShown:
    """Change a contact reason; what was chosen before stays as it is."""
    row = _found(reason_id)
    standing = model_to_dict(row, ReasonForm.Meta.fields)
    standing["parent_id"] = standing.pop("parent")
    return _saved(request, row, standing | sent.model_dump(exclude_unset=True))


@router.post("/setup/reasons/{reason_id}/move", response=SetReasonShown)
def move_reason(request: StaffRequest, reason_id: Id, sent: Moved) -> SetReasonShown:
    """Move a reason among its own."""
    actions.move_reason(_found(reason_id), up=sent.to == "up", by=actor_for(request.user), now=clock.now())
    return _shown(_found(reason_id))


@router.delete("/setup/reasons/{reason_id}", response=Done)
def remove_reason(request: StaffRequest, reason_id: Id) -> Done:
    """Remove a reason that was never chosen."""
    actions.remove_reason(_found(reason_id), by=actor_for(request.user), now=clock.now())
    return Done()


@router.post("/setup/usual-reasons", response=Planted)
def plant_usual_reasons(request: StaffRequest) -> Planted:
    """Start an empty tree with the reasons nearly everybody has; a tree that is there is left alone."""
    actions.plant_usual(by=actor_for(request.user), now=clock.now())
    return Planted(reasons=ContactReason.objects.count())


@router.get("/setup/writing", response=WritingShown)
def read_writing(request: StaffRequest) -> WritingShown:
    """Return for how long replies are held."""
    return _writing(writing_settings())


@router.patch("/setup/writing", response=WritingShown)
def change_writing(request: StaffRequest, sent: WritingSent) -> WritingShown:
    """Change for how long replies are held."""
    given = _writing(writing_settings()).model_dump() | sent.model_dump(exclude_unset=True)
    save_writing_settings(given, by=actor_for(request.user), now=clock.now())
    return _writing(writing_settings())


def _found(reason_id: int) -> ContactReason:
    return row_of(ContactReason, reason_id)


def _saved(request: StaffRequest, row: ContactReason, given: dict[str, Any]) -> SetReasonShown:
    given["parent"] = given.pop("parent_id")
    form = ReasonForm(given, instance=_found(row.pk) if row.pk else None)
    values = checked(form, {"parent": "parent_id"})
    return _shown(actions.save_reason(row, values, by=actor_for(request.user), now=clock.now()))


def _shown(row: ContactReason) -> SetReasonShown:
    return SetReasonShown(**{name: getattr(row, name) for name in SetReasonShown.model_fields})


def _writing(row: Any) -> WritingShown:
    return WritingShown(**{name: getattr(row, name) for name in WritingShown.model_fields})
