"""What can be chosen when handing over, asking an expert or wrapping up, for programs: filled in as far as it is known."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel

from heartline.common import clock
from heartline.common.schemas import Id
from heartline.conversations.queries import contact_for
from heartline.people.requests import StaffRequest
from heartline.service import choices
from heartline.service.api.desk import router as desk
from heartline.service.api.together import router as together


class ColleagueChoice(BaseModel):
    """A colleague who could get a contact, and their presence."""

    id: int
    name: str
    state: str


class QueueChoice(BaseModel):
    """A queue a contact could go to: how long it waits there (from, to, in minutes; null: unknown), and who serves there."""

    id: int
    name: str
    wait: list[int] | None
    people: list[ColleagueChoice]


class HandOverChoices(BaseModel):
    """Where a contact can go, and its card as far as it is known. Who had the case already is not offered again."""

    here: int
    queues: list[QueueChoice]
    wants: str
    tried: str
    promised: str
    do_not_ask: str


class ExpertChoice(ColleagueChoice):
    """An expert who could be asked, and whether they are in the contact already."""

    inside: bool


class ExpertChoices(BaseModel):
    """Who can be asked."""

    items: list[ExpertChoice]


class WrapUpSuggested(BaseModel):
    """The likely reason, if one is likely, and how much is owed to the customer once the contact is wrapped up."""

    reason_id: int | None
    still_owed: int


@desk.get("/contacts/{contact_id}/transfer", response=HandOverChoices)
def list_destinations(request: StaffRequest, contact_id: Id) -> dict[str, Any]:
    """Return where a contact can be handed to, with the card filled in."""
    found = choices.for_transfer(contact_for(request.scope, contact_id), request.user, clock.now())
    return found if request.scope.may("message.read") else {**found, "wants": ""}


@together.get("/contacts/{contact_id}/experts", response=ExpertChoices)
def list_experts(request: StaffRequest, contact_id: Id) -> dict[str, Any]:
    """Return the experts who can be asked into a contact."""
    return {"items": choices.for_experts(contact_for(request.scope, contact_id))["people"]}


@desk.get("/contacts/{contact_id}/wrap-up", response=WrapUpSuggested)
def suggest_wrap_up(request: StaffRequest, contact_id: Id) -> WrapUpSuggested:
    """Return what a contact is likely wrapped up as; GET /reasons has all of them."""
    found = choices.for_wrap_up(contact_for(request.scope, contact_id))
    return WrapUpSuggested(reason_id=found["suggested"], still_owed=found["still_owed"])
