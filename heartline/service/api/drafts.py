"""Drafts, shared ones too, and notes that call colleagues, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common.errors import NotFound
from heartline.common.paging import page_of
from heartline.common.schemas import Id, Page, PageAsked, Sent
from heartline.conversations.actions import drafts as actions
from heartline.conversations.api.cases import FileShown
from heartline.conversations.mentions.queries import can_be_mentioned, unread_mentions
from heartline.conversations.models import Case
from heartline.conversations.queries import case_for
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.requests import StaffRequest
from heartline.service.api.desk import worker_of
from heartline.service.writing import mentions

router = Router(tags=["Drafts and mentions"])

Mode = Literal["reply", "note"]
FileTokens = Annotated[list[Annotated[str, Field(max_length=64)]], Field(max_length=actions.FILES_LIMIT)]


class DraftSent(Sent):
    """What was typed so far. `version` is the one it was made from; without `files` those that are kept stay."""

    text: Annotated[str, Field(max_length=actions.DRAFT_LIMIT)]
    version: Annotated[int, Field(ge=0, le=2**31 - 1)]
    files: FileTokens | None = None


class DraftKept(BaseModel):
    """That a draft is kept, and its version now."""

    version: int
    changed_at: datetime


class DraftShown(BaseModel):
    """What the caller has typed about a case and not sent."""

    mode: Mode
    text: str
    files: list[FileShown]
    shared: bool
    version: int
    changed_at: datetime


class SharedDraftShown(BaseModel):
    """A draft that a colleague shares, for somebody to go on with; `files` is how many it has."""

    id: int
    person_id: int
    person_name: str
    mode: str
    text: str
    files: int


class DraftsShown(BaseModel):
    """The drafts of a case that the caller may see."""

    own: list[DraftShown]
    shared: list[SharedDraftShown]


class ShareSent(Sent):
    """Whether colleagues may go on with a draft."""

    shared: bool


class GoOnSent(Sent):
    """Whose draft to go on with."""

    person_id: Id


class CallableShown(BaseModel):
    """A colleague whom a note can call."""

    id: int
    name: str
    role: str


class MentionShown(BaseModel):
    """A note that calls the caller and that they have not read; `text` is how it begins."""

    id: int
    case_id: int
    contact_id: int
    by_name: str
    text: str
    at: datetime


class MentionsShown(BaseModel):
    """What calls the caller, newest first."""

    items: list[MentionShown]


class MentionsRead(BaseModel):
    """How many were read now that were not before."""

    read: int


@router.get("/cases/{case_id}/drafts", response=DraftsShown)
def list_drafts(request: StaffRequest, case_id: Id) -> DraftsShown:
    """Return what one has typed about a case and not sent, and what colleagues share of theirs."""
    return _drafts(request, case_for(request.scope, case_id))


@router.put("/cases/{case_id}/drafts/{mode}", response=DraftKept)
def keep_draft(request: StaffRequest, case_id: Id, mode: Mode, sent: DraftSent) -> DraftKept:
    """Keep a draft; one that was changed elsewhere since is not written over."""
    worker, case = worker_of(request), case_for(request.scope, case_id)
    row = actions.save_draft(
        case, worker.person, mode, sent.text, version=sent.version, files=sent.files, now=worker.now
    )
    return DraftKept(version=row.version, changed_at=row.changed_at)


@router.put("/cases/{case_id}/drafts/{mode}/shared", response=DraftsShown)
def share_draft(request: StaffRequest, case_id: Id, mode: Mode, sent: ShareSent) -> DraftsShown:
    """Let colleagues go on with one's draft, or keep it to oneself again."""
    worker, case = worker_of(request), case_for(request.scope, case_id)
    actions.share_draft(case, worker.person, mode, shared=sent.shared, by=actor_for(worker.person), now=worker.now)
    return _drafts(request, case)


@router.post("/cases/{case_id}/drafts/{mode}/go-on", response=DraftsShown)
def go_on_with_draft(request: StaffRequest, case_id: Id, mode: Mode, sent: GoOnSent) -> DraftsShown:
    """Take over a draft that a colleague shares, with its files."""
    worker, case = worker_of(request), case_for(request.scope, case_id)
    writer = Person.objects.filter(id=sent.person_id).first()
    if writer is None:
        raise NotFound(_("There is no such draft"))
    actions.go_on_with(case, writer, mode, worker.person, by=actor_for(worker.person), now=worker.now)
    return _drafts(request, case)


@router.get("/mentionable-people", response=Page[CallableShown])
def list_mentionable_people(request: StaffRequest, asked: Query[PageAsked]) -> Page[CallableShown]:
    """Return whom a note can call: `mention_ids` of POST /contacts/{id}/notes."""
    rows = can_be_mentioned().exclude(id=request.user.id)
    found, following = page_of(rows, asked.cursor, asked.limit, newest_first=False)
    return Page(items=[CallableShown(id=row.id, name=row.name, role=row.role) for row in found], next=following)


@router.get("/people/me/mentions", response=MentionsShown)
def list_mentions(request: StaffRequest) -> MentionsShown:
    """Return the notes that call one and that one has not read."""
    names = MentionShown.model_fields
    cards = unread_mentions(request.user).values()
    return MentionsShown(items=[MentionShown(**{name: card[name] for name in names}) for card in cards])


@router.post("/cases/{case_id}/mentions-read", response=MentionsRead)
def read_mentions(request: StaffRequest, case_id: Id) -> MentionsRead:
    """Note that one has read what calls one in a case."""
    return MentionsRead(read=mentions.read(worker_of(request), case_for(request.scope, case_id)))


def _drafts(request: StaffRequest, case: Case) -> DraftsShown:
    names = ("files", "shared", "version", "changed_at")
    own = [
        DraftShown.model_validate({"mode": mode, "text": one["body"], **{name: one[name] for name in names}})
        for mode, one in actions.drafts_of(case, request.user).items()
    ]
    shared = [SharedDraftShown(**card) for card in actions.shared_drafts_of(case).values()]
    return DraftsShown(own=own, shared=[one for one in shared if one.person_id != request.user.id])
