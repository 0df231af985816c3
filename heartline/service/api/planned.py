"""Replies that wait for their time, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Router
from pydantic import BaseModel, Field

from heartline.common.schemas import Done, Id, Moment, Sent
from heartline.conversations.models import Outgoing
from heartline.conversations.outgoing.actions import Letter
from heartline.conversations.outgoing.queries import outgoing_for
from heartline.conversations.outgoing.rules import OPEN
from heartline.conversations.queries import case_for, contact_for
from heartline.people.requests import StaffRequest
from heartline.service.api.desk import client_key_of, worker_of
from heartline.service.forms import tokens
from heartline.service.writing import sending

router = Router(tags=["Planned replies"])

Text = Annotated[str, Field(max_length=8000)]


class PlannedSent(Sent):
    """A reply for later. With `stop_if_answered` the customer's next words stop it; `after` is what its case becomes."""

    text: Text = ""
    due_at: Moment
    stop_if_answered: bool = False
    after: Literal["", "waiting_customer", "waiting_internal", "solved"] = ""
    attachments: Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=10)] = []


class PlanChanges(Sent):
    """Other words or another time. `version` is the one that was seen: somebody else's change is not written over."""

    text: Text
    due_at: Moment
    stop_if_answered: bool = False
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]


class PlannedShown(BaseModel):
    """A reply that has not gone yet: `waiting`, `stopped` by the customer's own words, or `failed` with its `problem`."""

    id: int
    contact_id: int
    case_id: int
    person_id: int
    text: str
    due_at: datetime
    state: str
    problem: str
    after: str
    stop_if_answered: bool
    version: int


class AllPlannedShown(BaseModel):
    """What stands in a case and has not gone yet."""

    items: list[PlannedShown]


@router.get("/cases/{case_id}/planned-replies", response=AllPlannedShown)
def list_planned_replies(request: StaffRequest, case_id: Id) -> AllPlannedShown:
    """Return the replies of a case that have not gone yet."""
    rows = Outgoing.objects.filter(case=case_for(request.scope, case_id), state__in=OPEN).order_by("id")
    return AllPlannedShown(items=[_shown(row) for row in rows])


@router.post("/contacts/{contact_id}/planned-replies", response={201: PlannedShown})
def plan_reply(request: StaffRequest, contact_id: Id, sent: PlannedSent) -> PlannedShown:
    """Plan a reply; it goes at its time, unless it is taken back, stopped, or may not go any more."""
    letter = Letter(
        text=sent.text,
        client_key=client_key_of(request),
        files=tokens(list(sent.attachments)),
        after=sent.after,
        planned_for=sent.due_at,
        stop_if_answered=sent.stop_if_answered,
    )
    return _shown(sending.send(worker_of(request), contact_for(request.scope, contact_id), letter))


@router.patch("/planned-replies/{reply_id}", response=PlannedShown)
def change_planned_reply(request: StaffRequest, reply_id: Id, sent: PlanChanges) -> PlannedShown:
    """Change the words or the time of a reply that has not gone yet."""
    row = outgoing_for(request.scope, reply_id)
    plan = {"planned_for": sent.due_at, "stop_if_answered": sent.stop_if_answered}
    letter = Letter(text=sent.text, client_key=row.client_key, **plan)  # type: ignore[arg-type]  # each of its own type
    return _shown(sending.change_plan(worker_of(request), row, letter, version=sent.version))


@router.delete("/planned-replies/{reply_id}", response=Done)
def take_back_planned_reply(request: StaffRequest, reply_id: Id) -> Done:
    """Take a reply back before it goes; its words are its writer's draft again."""
    sending.take_back(worker_of(request), outgoing_for(request.scope, reply_id))
    return Done()


@router.post("/planned-replies/{reply_id}/send", response=Done)
def send_planned_reply(request: StaffRequest, reply_id: Id) -> Done:
    """Send a planned or stopped reply now."""
    sending.send_now(worker_of(request), outgoing_for(request.scope, reply_id))
    return Done()


def _shown(row: Outgoing) -> PlannedShown:
    names = [name for name in PlannedShown.model_fields if name != "text"]
    return PlannedShown(text=row.body, **{name: getattr(row, name) for name in names})
