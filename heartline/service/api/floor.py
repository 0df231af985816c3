"""What supervisors decide, for programs: who serves a contact, an offer taken back, a colleague's presence."""

from __future__ import annotations

from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field

from heartline.common.schemas import Id, Sent
from heartline.conversations.api.cases import ContactShown, contact_shown
from heartline.people.api import PresenceShown
from heartline.people.requests import StaffRequest
from heartline.service.api.desk import PresenceSent, worker_of
from heartline.service.floor import actions as floor_actions

router = Router(tags=["Floor"])


class AssignSent(Sent):
    """To whom, and why: what is said becomes an internal note."""

    person_id: Id
    why: Annotated[str, Field(max_length=300)] = ""


class OfferTakenBack(BaseModel):
    """An offer that is over."""

    id: int
    state: str


@router.post("/contacts/{contact_id}/assign", response=ContactShown)
def assign_contact(request: StaffRequest, contact_id: Id, sent: AssignSent) -> ContactShown:
    """Give a contact to a colleague, whether it waits or is in somebody's hands; also over their capacity."""
    return contact_shown(floor_actions.give(worker_of(request), contact_id, sent.person_id, sent.why))


@router.post("/offers/{offer_id}/take-back", response=OfferTakenBack)
def take_back_offer(request: StaffRequest, offer_id: Id) -> OfferTakenBack:
    """Take a pending offer back, so that the contact goes to somebody else."""
    offer = floor_actions.take_back(worker_of(request), offer_id)
    return OfferTakenBack(id=offer.id, state=offer.state)


@router.put("/people/{person_id}/presence", response=PresenceShown)
def set_presence_of(request: StaffRequest, person_id: Id, sent: PresenceSent) -> PresenceShown:
    """Set a colleague's presence; nobody is made available who has no desk open."""
    row = floor_actions.set_presence_of(worker_of(request), person_id, sent.state, sent.reason)
    return PresenceShown(state=row.state, reason=row.reason, since=row.since)
