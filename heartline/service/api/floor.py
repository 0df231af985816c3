"""What supervisors decide, for programs: who serves a contact, an offer taken back, a colleague's presence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from ninja import Router
from pydantic import BaseModel, Field

from heartline.common.schemas import Id, Sent
from heartline.conversations.api.cases import ContactShown, contact_shown
from heartline.people.actions import actor_for
from heartline.people.api import PresenceShown
from heartline.people.requests import StaffRequest
from heartline.service.alerts.actions import acknowledge
from heartline.service.alerts.models import Alert
from heartline.service.alerts.queries import alert_for, open_alerts
from heartline.service.alerts.words import sentence
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


class WhisperSent(Sent):
    """What whoever serves should know."""

    text: Annotated[str, Field(min_length=1, max_length=1000)]


class WhisperShown(BaseModel):
    """A whisper, and whom it is for."""

    id: int
    contact_id: int
    person_id: int


class TakeOverSent(Sent):
    """What the hand-over card keeps; left out, it keeps what the case says the customer wants."""

    wants: Annotated[str, Field(max_length=1000)] = ""
    promised: Annotated[str, Field(max_length=1000)] = ""


class AnnouncementSent(Sent):
    """What people should know, for how long, and which teams; none: everybody one leads."""

    text: Annotated[str, Field(min_length=1, max_length=500)]
    minutes: Annotated[int, Field(ge=1, le=7 * 24 * 60)] = 480
    team_ids: Annotated[list[Id], Field(max_length=100)] = []


class AnnouncementShown(BaseModel):
    """An announcement and when it ends."""

    id: int
    everybody: bool
    expires_at: datetime


class AlertShown(BaseModel):
    """Something that a rule found. `value` and `threshold` are in the unit of the rule's kind."""

    id: int
    rule: str
    kind: str
    says: str
    queue_id: int | None
    contact_id: int | None
    person_id: int | None
    value: int
    threshold: int
    raised_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by_id: int | None


class AlertsShown(BaseModel):
    """The alerts that are open, those first that nobody looks at yet."""

    items: list[AlertShown]


@router.post("/contacts/{contact_id}/whisper", response={201: WhisperShown})
def whisper_to_contact(request: StaffRequest, contact_id: Id, sent: WhisperSent) -> WhisperShown:
    """Tell whoever serves a contact something that only they and supervisors see; the customer never does."""
    said = floor_actions.whisper(worker_of(request), contact_id, sent.text)
    return WhisperShown(id=said.id, contact_id=said.contact_id, person_id=said.person_id)


@router.post("/contacts/{contact_id}/take-over", response=ContactShown)
def take_over_contact(request: StaffRequest, contact_id: Id, sent: TakeOverSent) -> ContactShown:
    """Become who serves a contact that a colleague serves, in one act, with a hand-over card."""
    return contact_shown(floor_actions.take_over(worker_of(request), contact_id, sent.wants, sent.promised))


@router.post("/announcements", response={201: AnnouncementShown})
def announce(request: StaffRequest, sent: AnnouncementSent) -> AnnouncementShown:
    """Tell teams something; it stands on their desks until they have read it, and not beyond its time."""
    worker = worker_of(request)
    until = worker.now + timedelta(minutes=sent.minutes)
    told = floor_actions.announce(worker, sent.text, sent.team_ids, expires_at=until)
    return AnnouncementShown(id=told.id, everybody=told.everybody, expires_at=told.expires_at)


@router.get("/alerts", response=AlertsShown)
def list_alerts(request: StaffRequest) -> AlertsShown:
    """Return the alerts that are open where the caller leads, and those of figures they may see."""
    return AlertsShown(items=[alert_shown(one) for one in open_alerts(request.scope)])


@router.post("/alerts/{alert_id}/acknowledge", response=AlertShown)
def acknowledge_alert(request: StaffRequest, alert_id: Id) -> AlertShown:
    """Say that one looks at an alert; a second time is refused with who was first."""
    worker = worker_of(request)
    found = alert_for(request.scope, alert_id)
    return alert_shown(acknowledge(found, worker.person, by=actor_for(worker.person), now=worker.now))


def alert_shown(alert: Alert) -> AlertShown:
    """Return an alert with what it says."""
    return AlertShown(
        id=alert.id,
        rule=alert.rule.name,
        kind=alert.rule.kind,
        says=sentence(alert),
        queue_id=alert.queue_id,
        contact_id=alert.contact_id,
        person_id=alert.person_id,
        value=alert.value,
        threshold=alert.rule.threshold,
        raised_at=alert.raised_at,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by_id=alert.acknowledged_by_id,
    )
