"""Offers, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from ninja import Router
from pydantic import BaseModel

from heartline.common import clock
from heartline.common.schemas import Id, Page, Sent
from heartline.conversations.api.cases import ContactShown, contact_shown
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.routing import actions
from heartline.routing.models import Offer
from heartline.routing.queries import pending_offers_for
from heartline.routing.words import sentences_in

router = Router(tags=["Offers"])

DeclineReason = Literal["busy", "not_my_skill", "knows_customer", "other"]


class OfferShown(BaseModel):
    """A contact that was offered to the caller, and why to them; it goes to somebody else at `expires_at`."""

    id: int
    contact: ContactShown
    offered_at: datetime
    expires_at: datetime
    reasons: list[str]


class DeclineSent(Sent):
    """Why an offer is not taken."""

    reason: DeclineReason


class OfferEnded(BaseModel):
    """An offer that is over."""

    id: int
    state: str


@router.get("/offers", response=Page[OfferShown])
def list_offers(request: StaffRequest) -> Page[OfferShown]:
    """Return the offers that wait for the caller's answer; there are never more than a few."""
    return Page(items=[_shown(offer, request.user.language) for offer in pending_offers_for(request.user)], next=None)


@router.post("/offers/{offer_id}/accept", response=ContactShown)
def accept_offer(request: StaffRequest, offer_id: Id) -> ContactShown:
    """Take what was offered."""
    person = request.user
    return contact_shown(actions.accept_offer(offer_id, person, by=actor_for(person), now=clock.now()))


@router.post("/offers/{offer_id}/decline", response=OfferEnded)
def decline_offer(request: StaffRequest, offer_id: Id, sent: DeclineSent) -> OfferEnded:
    """Say no to an offer, with a reason; the contact goes to somebody else at its old place."""
    person = request.user
    offer = actions.decline_offer(offer_id, person, sent.reason, by=actor_for(person), now=clock.now())
    return OfferEnded(id=offer.id, state="declined")


def _shown(offer: Offer, language: str) -> OfferShown:
    return OfferShown(
        id=offer.id,
        contact=contact_shown(offer.contact),
        offered_at=offer.offered_at,
        expires_at=offer.expires_at,
        reasons=list(sentences_in(language, offer.reasons)),
    )
