"""Working together on a contact, for programs: who else takes part, what was tried, what the customer has been told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common.paging import page_of
from heartline.common.schemas import Asked, Done, Id, Moment, Page, PageAsked, Sent
from heartline.conversations.models import ContactReason, Participant, Tried
from heartline.conversations.queries import case_for, contact_for
from heartline.people.requests import StaffRequest
from heartline.service import actions, named
from heartline.service.api.desk import router as desk
from heartline.service.api.desk import worker_of
from heartline.service.story.timeline import Narrowed, lines_for, page_for, reach_of

router = Router(tags=["Working together"])

STORY = 30
STORY_WHOLE = 500


class ExpertSent(Sent):
    """Whom to ask, and what."""

    person_id: Id
    question: Annotated[str, Field(min_length=1, max_length=1000)]


class ParticipantShown(BaseModel):
    """Somebody who takes part in a contact without serving it."""

    person_id: int
    role: str
    joined_at: datetime


class ParticipantsShown(BaseModel):
    """Everybody who takes part in a contact at this moment."""

    items: list[ParticipantShown]


class SeenSent(Sent):
    """Up to which message was read."""

    upto_id: Id


class SeenShown(BaseModel):
    """How many messages are read now that were not before."""

    seen: int


class TriedSent(Sent):
    """A step that was tried for this matter, so that nobody sends the customer through it again."""

    label: Annotated[str, Field(min_length=1, max_length=200)]
    outcome: Annotated[str, Field(max_length=200)] = ""


class TriedShown(BaseModel):
    """A step that was tried."""

    id: int
    kind: str
    label: str
    outcome: str
    at: datetime


class TriedListShown(BaseModel):
    """Every step that was tried in a case, oldest first."""

    items: list[TriedShown]


class LineShown(BaseModel):
    """One line of a customer's story, in the language of the key's person."""

    position: str
    at: datetime
    case_id: int | None
    tone: str
    text: str


class StoryShown(BaseModel):
    """What has happened to a case's customer, newest first, over all their cases."""

    items: list[LineShown]
    more: bool


class StoryAsked(Asked):
    """How much of the story is wanted."""

    everything: bool = False


class TimelineSaidShown(BaseModel):
    """Something that was said, shortened where it is long."""

    id: int
    kind: str
    author_kind: str
    author_name: str
    text: str
    at: datetime


class TimelineRow(BaseModel):
    """A row of a timeline: what happened, or what was said in a contact without anything in between."""

    position: str
    at: datetime
    case_id: int | None
    tone: str
    text: str
    quote: str
    count: int
    messages: list[TimelineSaidShown]


class TimelineAsked(Asked):
    """What of a timeline is wanted; `cursor` goes on where the page before ended."""

    show: Literal["all", "said", "contacts", "owed", "ratings", "outside", "experts"] = "all"
    channel: Literal["webchat", "webform", "callback"] | None = None
    since: Moment | None = None
    until: Moment | None = None
    cursor: Annotated[str, Field(max_length=200, description="`next` of the page before; empty for the first.")] = ""


class ReasonShown(BaseModel):
    """A contact reason; `parent_id` is null for a group."""

    id: int
    key: str
    name_en: str
    name_zh: str
    parent_id: int | None
    is_active: bool


class ReasonsAsked(PageAsked):
    """Which reasons are wanted."""

    is_active: Literal["true", "false"] | None = None


@router.get("/contacts/{contact_id}/participants", response=ParticipantsShown)
def list_participants(request: StaffRequest, contact_id: Id) -> ParticipantsShown:
    """Return who takes part in a contact beside its assignee."""
    rows = Participant.objects.filter(contact=contact_for(request.scope, contact_id), left_at=None).order_by("id")
    names = ParticipantShown.model_fields
    return ParticipantsShown(items=[ParticipantShown(**{name: getattr(row, name) for name in names}) for row in rows])


@router.post("/contacts/{contact_id}/experts", response=Done)
def ask_expert(request: StaffRequest, contact_id: Id, sent: ExpertSent) -> Done:
    """Ask an expert into a contact; the question is an internal note."""
    contact = contact_for(request.scope, contact_id)
    expert = named.colleague_named(sent.person_id)
    actions.ask_expert(worker_of(request), contact, expert, sent.question)
    return Done()


@router.post("/contacts/{contact_id}/join", response=Done)
def join_contact(request: StaffRequest, contact_id: Id) -> Done:
    """Join a contact that somebody else serves."""
    actions.join(worker_of(request), contact_for(request.scope, contact_id))
    return Done()


@router.post("/contacts/{contact_id}/leave", response=Done)
def leave_contact(request: StaffRequest, contact_id: Id) -> Done:
    """Leave a contact one had joined or was asked into."""
    actions.leave(worker_of(request), contact_for(request.scope, contact_id))
    return Done()


@router.post("/contacts/{contact_id}/seen", response=SeenShown)
def see_messages(request: StaffRequest, contact_id: Id, sent: SeenSent) -> SeenShown:
    """Mark what the customer wrote as read; who is not in the contact marks nothing."""
    contact = contact_for(request.scope, contact_id)
    return SeenShown(seen=actions.see(worker_of(request), contact, sent.upto_id))


@router.get("/cases/{case_id}/tried", response=TriedListShown)
def list_tried(request: StaffRequest, case_id: Id) -> TriedListShown:
    """Return what was tried in a case: never offer it again."""
    rows = Tried.objects.filter(case=case_for(request.scope, case_id)).order_by("id")
    return TriedListShown(items=[_tried(row) for row in rows])


@router.post("/cases/{case_id}/tried", response={201: TriedShown})
def add_tried(request: StaffRequest, case_id: Id, sent: TriedSent) -> TriedShown:
    """Add a step that was tried."""
    case = case_for(request.scope, case_id)
    return _tried(actions.add_tried(worker_of(request), case, sent.label, sent.outcome))


@router.get("/cases/{case_id}/story", response=StoryShown)
def read_story(request: StaffRequest, case_id: Id, asked: Query[StoryAsked]) -> StoryShown:
    """Return the story of a case's customer as the desk tells it; an expert gets that of the case."""
    reach = reach_of(request.scope, case_for(request.scope, case_id))
    told, more = lines_for(reach, STORY_WHOLE if asked.everything else STORY)
    lines = [
        LineShown(position=line["id"], at=line["at"], case_id=line["case_id"], tone=line["tone"], text=line["text"])
        for line in told
    ]
    return StoryShown(items=lines, more=more)


@router.get("/cases/{case_id}/timeline", response=Page[TimelineRow])
def list_timeline(request: StaffRequest, case_id: Id, asked: Query[TimelineAsked]) -> Page[TimelineRow]:
    """Return the timeline of a case's customer over all cases and channels, newest first, page by page."""
    reach = reach_of(request.scope, case_for(request.scope, case_id))
    narrowed = Narrowed(asked.channel or "", asked.since, asked.until)
    page = page_for(reach, asked.show, asked.cursor, narrowed=narrowed)
    return Page(items=[_timeline_row(row) for row in page.rows], next=page.next or None)


@desk.get("/reasons", response=Page[ReasonShown])
def list_reasons(request: StaffRequest, asked: Query[ReasonsAsked]) -> Page[ReasonShown]:
    """Return the contact reasons, groups and what is in them: a wrap-up names one that has a group."""
    rows = ContactReason.objects.all()
    if asked.is_active:
        rows = rows.filter(is_active=asked.is_active == "true")
    found, following = page_of(rows, asked.cursor, asked.limit, newest_first=False)
    names = ReasonShown.model_fields
    items = [ReasonShown(**{name: getattr(row, name) for name in names}) for row in found]
    return Page(items=items, next=following)


def _timeline_row(row: dict[str, Any]) -> TimelineRow:
    plain = {name: row[name] for name in ("at", "case_id", "tone", "text")}
    said = [TimelineSaidShown(**one) for one in row.get("messages", ())]
    return TimelineRow(
        position=row["id"], **plain, quote=row.get("quote", ""), count=row.get("count", 0), messages=said
    )


def _tried(row: Tried) -> TriedShown:
    return TriedShown(**{name: getattr(row, name) for name in TriedShown.model_fields})
