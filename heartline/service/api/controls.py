"""What supervisors decide about what waits, for programs: keep, raise, move, undo, pause, tell; and how contacts stand."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Router
from ninja.responses import Status
from pydantic import BaseModel, Field

from heartline.common.errors import NotFound
from heartline.common.schemas import Id, Page, Sent
from heartline.people.requests import StaffRequest
from heartline.routing.controls.actions import Words
from heartline.routing.controls.models import Control, EmergencyMessage, QueuePause
from heartline.routing.controls.queries import contact_to_control, emergencies_for, pauses_for, recent_controls
from heartline.service.api.desk import worker_of
from heartline.service.floor import controlling
from heartline.service.floor.actions import colleague_for
from heartline.service.floor.standing import standing_for, waits_without

router = Router(tags=["Controls"])
Why = Annotated[str, Field(max_length=300)]
Minutes = Annotated[int, Field(ge=1, le=7 * 24 * 60)]


class PinSent(Sent):
    """For whom a contact is kept, for how long, and why."""

    person_id: Id
    minutes: Minutes = 15
    why: Why = ""


class RaiseSent(Sent):
    """By how much a contact is raised, and why; raises of one contact count for an hour together at most."""

    minutes: Minutes
    why: Why = ""


class QueueMoveSent(Sent):
    """To which queue a contact goes, and why."""

    queue_id: Id
    why: Why = ""


class PauseSent(Sent):
    """For how long a queue is paused, what its customers are told, and why."""

    minutes: Minutes
    told_en: Why = ""
    told_zh: Why = ""
    why: Why = ""


class EmergencySent(Sent):
    """What customers are told, of which brands, and for how long; only an administrator tells all of them."""

    told_en: Why = ""
    told_zh: Why = ""
    why: Why = ""
    minutes: Minutes = 120
    brand_ids: Annotated[list[Id], Field(max_length=100)] = []
    everywhere: bool = False


class ControlShown(BaseModel):
    """One decision about one waiting contact."""

    id: int
    kind: str
    contact_id: int
    person_id: int | None
    until: datetime | None
    seconds: int
    from_queue_id: int | None
    to_queue_id: int | None
    why: str
    by_id: int | None
    at: datetime
    undone_at: datetime | None


class PauseShown(BaseModel):
    """A queue that is paused."""

    id: int
    queue_id: int
    told_en: str
    told_zh: str
    why: str
    at: datetime
    until: datetime
    ended_at: datetime | None


class EmergencyShown(BaseModel):
    """What customers are told now."""

    id: int
    told_en: str
    told_zh: str
    why: str
    everywhere: bool
    brand_ids: list[int]
    at: datetime
    until: datetime
    ended_at: datetime | None


class RankPartShown(BaseModel):
    """A part of a rank: how many seconds of waiting it counts as, and why."""

    seconds: int
    says: str


class WhyNotShown(BaseModel):
    """Why one colleague does not get one contact."""

    person_id: int
    reasons: list[str]


class StandingShown(BaseModel):
    """How a waiting contact stands."""

    contact_id: int
    position: int
    seconds: int
    rank: list[RankPartShown]
    why_waiting: list[str]
    next: list[str]
    why_not: list[WhyNotShown]


class WaitsWithoutShown(BaseModel):
    """A contact that waits and is not with somebody, and why."""

    contact_id: int
    case_id: int
    queue_id: int
    reasons: list[str]


@router.get("/contacts/{contact_id}/standing", response=StandingShown)
def read_standing(request: StaffRequest, contact_id: Id) -> StandingShown:
    """Return what a waiting contact counts for, why it waits, what happens next, and why not each colleague."""
    worker = worker_of(request)
    contact = contact_to_control(request.scope, contact_id)
    found = standing_for(request.scope, contact, worker.now)
    if found is None:
        raise NotFound(_("This contact does not wait any more. Look again"), code="contact_changed")
    return StandingShown(
        contact_id=found.contact_id,
        position=found.position,
        seconds=found.seconds,
        rank=[RankPartShown(seconds=seconds, says=says) for seconds, says in found.parts],
        why_waiting=list(found.why),
        next=list(found.next),
        why_not=[WhyNotShown(person_id=one.person_id, reasons=list(one.reasons)) for one in found.people],
    )


@router.get("/people/me/why-not", response=Page[WaitsWithoutShown])
def list_why_not_me(request: StaffRequest) -> Page[WaitsWithoutShown]:
    """Return what waits in the caller's queues, first in line first, and why it is not with them."""
    return _waits(request, request.user.id)


@router.get("/people/{person_id}/why-not", response=Page[WaitsWithoutShown])
def list_why_not(request: StaffRequest, person_id: Id) -> Page[WaitsWithoutShown]:
    """Return what waits in the caller's queues, first in line first, and why it is not with a colleague."""
    return _waits(request, colleague_for(request.scope, person_id).id)


@router.get("/controls", response=Page[ControlShown])
def list_controls(request: StaffRequest) -> Page[ControlShown]:
    """Return what was decided about contacts in the last hours, the latest first."""
    rows = recent_controls(request.scope, now=worker_of(request).now)
    return Page(items=[_control(row) for row in rows], next=None)


@router.post("/contacts/{contact_id}/pin", response={201: ControlShown})
def pin_contact(request: StaffRequest, contact_id: Id, sent: PinSent) -> ControlShown:
    """Keep a waiting contact for a colleague who is here; when time is up, or they leave, it is everybody's again."""
    return _control(controlling.pin(worker_of(request), contact_id, sent.person_id, sent.minutes, sent.why))


@router.post("/contacts/{contact_id}/raise", response={201: ControlShown})
def raise_contact(request: StaffRequest, contact_id: Id, sent: RaiseSent) -> ControlShown:
    """Let a waiting contact count as some minutes more."""
    return _control(controlling.raise_by(worker_of(request), contact_id, sent.minutes, sent.why))


@router.post("/contacts/{contact_id}/queue", response={201: ControlShown})
def move_contact(request: StaffRequest, contact_id: Id, sent: QueueMoveSent) -> ControlShown:
    """Put a waiting contact into another queue; it keeps its wait."""
    return _control(controlling.move_to(worker_of(request), contact_id, sent.queue_id, sent.why))


@router.post("/controls/{control_id}/undo", response=ControlShown)
def undo_control(request: StaffRequest, control_id: Id) -> ControlShown:
    """Take a decision about a waiting contact back."""
    return _control(controlling.undo(worker_of(request), control_id))


@router.get("/pauses", response=Page[PauseShown])
def list_pauses(request: StaffRequest) -> Page[PauseShown]:
    """Return the caller's queues that are paused now."""
    rows = pauses_for(request.scope, worker_of(request).now)
    return Page(items=[_pause(row) for row in rows], next=None)


@router.post("/queues/{queue_id}/pause", response={201: PauseShown})
def pause_queue(request: StaffRequest, queue_id: Id, sent: PauseSent) -> PauseShown:
    """Stop offering a queue's chats and messages for a while; calls we owe are still made."""
    words = Words(told_en=sent.told_en, told_zh=sent.told_zh, why=sent.why)
    return _pause(controlling.pause(worker_of(request), queue_id, sent.minutes, words))


@router.post("/queues/{queue_id}/resume", response={204: None})
def resume_queue(request: StaffRequest, queue_id: Id) -> Status[None]:
    """End a queue's pause sooner than it was set for."""
    controlling.resume(worker_of(request), queue_id)
    return Status(204, None)


@router.get("/emergency-messages", response=Page[EmergencyShown])
def list_emergencies(request: StaffRequest) -> Page[EmergencyShown]:
    """Return the emergency messages shown now to customers of the caller's brands."""
    rows = emergencies_for(request.scope, worker_of(request).now)
    return Page(items=[_emergency(row) for row in rows], next=None)


@router.post("/emergency-messages", response={201: EmergencyShown})
def tell_emergency(request: StaffRequest, sent: EmergencySent) -> EmergencyShown:
    """Show words at once to customers of some brands and to everybody who serves them."""
    words = Words(told_en=sent.told_en, told_zh=sent.told_zh, why=sent.why)
    told = controlling.tell(worker_of(request), words, sent.brand_ids, sent.minutes, everywhere=sent.everywhere)
    return _emergency(told)


@router.post("/emergency-messages/{emergency_id}/end", response={204: None})
def end_emergency(request: StaffRequest, emergency_id: Id) -> Status[None]:
    """Take an emergency message down sooner than it was set for."""
    controlling.take_down(worker_of(request), emergency_id)
    return Status(204, None)


def _waits(request: StaffRequest, person_id: int) -> Page[WaitsWithoutShown]:
    found = waits_without(request.scope, person_id, worker_of(request).now)
    shown = (
        WaitsWithoutShown(
            contact_id=one.contact.id,
            case_id=one.contact.case_id,
            queue_id=one.contact.queue_id,
            reasons=list(one.why.reasons),
        )
        for one in found
    )
    return Page(items=list(shown), next=None)


def _control(row: Control) -> ControlShown:
    return ControlShown.model_validate(row, from_attributes=True)


def _pause(row: QueuePause) -> PauseShown:
    return PauseShown.model_validate(row, from_attributes=True)


def _emergency(row: EmergencyMessage) -> EmergencyShown:
    brand_ids = [brand.id for brand in row.brands.all()]
    columns = {name: getattr(row, name) for name in EmergencyShown.model_fields if name != "brand_ids"}
    return EmergencyShown(**columns, brand_ids=brand_ids)
