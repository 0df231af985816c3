"""The floor at this moment, for programs: who waits and why, who does what, what needs somebody."""

from __future__ import annotations

from datetime import datetime

from ninja import Router
from pydantic import BaseModel

from heartline.common import clock
from heartline.common.schemas import Id
from heartline.conversations.queries import case_for, contact_for
from heartline.people.queries import Scope
from heartline.people.requests import StaffRequest
from heartline.service.floor.choices import candidates_for
from heartline.service.floor.people import InHand, PersonLine
from heartline.service.floor.queries import floor_for
from heartline.service.floor.queues import QueueLine
from heartline.service.floor.waits import Waiting
from heartline.service.story.queries import online_in

router = Router(tags=["Floor"])


class LineOnFloor(BaseModel):
    """A queue on one channel: how many wait, the wait that is told, who is free for it and who could be."""

    queue_id: int
    channel: str
    language: str
    waiting: int
    late: int
    longest_since: datetime | None
    told_minutes: float | None
    free: int
    able: int
    next_due: datetime | None


class WaitingOnFloor(BaseModel):
    """A waiting customer and why they wait. `who` is the case's number for keys that may not read names."""

    contact_id: int
    case_id: int
    queue_id: int
    channel: str
    who: str
    subject: str
    language: str
    asked_at: datetime
    due_at: datetime | None
    told_minutes: int | None
    limit: datetime
    why: list[str]
    nobody_can: bool
    offer_id: int | None
    is_late: bool


class HandOnFloor(BaseModel):
    """A contact in somebody's hands."""

    contact_id: int
    case_id: int
    who: str
    subject: str
    channel: str
    state: str
    since: datetime


class LoadOnFloor(BaseModel):
    """How many contacts of a channel a person has, of how many they take at once."""

    channel: str
    held: int
    limit: int


class PersonOnFloor(BaseModel):
    """A colleague. `doing` is serving, wrap_up, or their presence; `since` is when that began."""

    id: int
    name: str
    state: str
    reason: str
    doing: str
    since: datetime | None
    serves: bool
    missed_offer: bool
    queue_ids: list[int]
    languages: list[str]
    loads: list[LoadOnFloor]
    hands: list[HandOnFloor]


class NeedOnFloor(BaseModel):
    """Something to do now, in the caller's language; `act` is give, presence or open, `target` what it is about."""

    id: str
    tone: str
    title: str
    text: str
    act: str
    target: int | str
    since: datetime | None


class FloorShown(BaseModel):
    """The floor at one moment, of the queues and people the caller may see; `says` is what it comes to."""

    now: datetime
    says: str
    lines: list[LineOnFloor]
    waiting: list[WaitingOnFloor]
    people: list[PersonOnFloor]
    signed_out: list[PersonOnFloor]
    needs: list[NeedOnFloor]
    owed: int
    owed_late: int


class CandidateShown(BaseModel):
    """A colleague who could get a contact, and what speaks for it or against it."""

    person_id: int
    name: str
    state: str
    speaks: bool
    in_queue: bool
    held: int
    limit: int
    fits: bool


class CandidatesShown(BaseModel):
    """Whom a contact can be given to, those first whom nothing speaks against."""

    items: list[CandidateShown]


class OnlineShown(BaseModel):
    """When the customer's browser was last seen in a live contact."""

    contact_id: int
    seen_at: datetime


class OnlinesShown(BaseModel):
    """The live contacts of a case whose customer has a browser open, or had."""

    items: list[OnlineShown]


@router.get("/floor", response=FloorShown)
def read_floor(request: StaffRequest) -> FloorShown:
    """Return the floor as it is now."""
    scope = request.scope
    floor = floor_for(scope, now=clock.now())
    needs = NeedOnFloor.model_fields
    return FloorShown(
        now=floor.now,
        says=f"{floor.headline.lead} {floor.headline.rest}".strip(),
        lines=[_line(one.line) for one in floor.queues],
        waiting=[_waiting(one, scope) for one in floor.waiting],
        people=[_person(one, scope) for one in floor.people],
        signed_out=[_person(one, scope) for one in floor.signed_out],
        needs=[NeedOnFloor(**{name: getattr(one, name) for name in needs}) for one in floor.needs],
        owed=floor.owed,
        owed_late=floor.owed_late,
    )


@router.get("/contacts/{contact_id}/candidates", response=CandidatesShown)
def list_candidates(request: StaffRequest, contact_id: Id) -> CandidatesShown:
    """Return whom a contact can be given to."""
    found = candidates_for(request.scope, contact_for(request.scope, contact_id))
    return CandidatesShown(
        items=[
            CandidateShown(
                person_id=one.person.id,
                name=one.person.name,
                state=one.person.state,
                speaks=one.speaks,
                in_queue=one.in_queue,
                held=one.load.held if one.load else 0,
                limit=one.load.limit if one.load else 0,
                fits=one.fits,
            )
            for one in found
        ]
    )


@router.get("/cases/{case_id}/online", response=OnlinesShown)
def list_online(request: StaffRequest, case_id: Id) -> OnlinesShown:
    """Return when the customer's browser was last seen; it changes without events."""
    seen = online_in(case_for(request.scope, case_id))
    return OnlinesShown(items=[OnlineShown(contact_id=int(id), seen_at=at) for id, at in seen.items()])


def _line(line: QueueLine) -> LineOnFloor:
    names = LineOnFloor.model_fields.keys() - {"waiting"}
    return LineOnFloor(**{name: getattr(line, name) for name in names}, waiting=len(line.waiting))


def _waiting(one: Waiting, scope: Scope) -> WaitingOnFloor:
    names = WaitingOnFloor.model_fields.keys() - {"subject", "why"}
    subject = one.subject if scope.may("message.read") else ""
    return WaitingOnFloor(**{name: getattr(one, name) for name in names}, subject=subject, why=list(one.why))


def _person(one: PersonLine, scope: Scope) -> PersonOnFloor:
    names = PersonOnFloor.model_fields.keys() - {"queue_ids", "languages", "loads", "hands"}
    loads = LoadOnFloor.model_fields
    return PersonOnFloor(
        **{name: getattr(one, name) for name in names},
        queue_ids=sorted(one.queues),
        languages=sorted(one.languages),
        loads=[LoadOnFloor(**{name: getattr(load, name) for name in loads}) for load in one.loads],
        hands=[_hand(hand, scope) for hand in one.hands],
    )


def _hand(one: InHand, scope: Scope) -> HandOnFloor:
    names = HandOnFloor.model_fields.keys() - {"subject"}
    subject = one.subject if scope.may("message.read") else ""
    return HandOnFloor(**{name: getattr(one, name) for name in names}, subject=subject)
