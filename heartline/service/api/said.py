"""What supervisors said from the floor, and who has read it, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import BaseModel

from heartline.common import clock
from heartline.common.schemas import Asked, Done, Id
from heartline.conversations.queries import case_for
from heartline.people.requests import StaffRequest
from heartline.service.api.desk import worker_of
from heartline.service.api.floor import router as floor
from heartline.service.floor import actions
from heartline.service.floor.models import Announcement, Whisper
from heartline.service.floor.notices import (
    Told,
    announcement_for,
    announcements_of,
    own_announcement_for,
    unread_announcements,
    whispers_for,
)

router = Router(tags=["Floor"])


class HeardShown(BaseModel):
    """An announcement as its listeners see it."""

    id: int
    author_id: int | None
    author_name: str
    text: str
    at: datetime
    expires_at: datetime


class AnnouncedShown(HeardShown):
    """An announcement with who has read it, by name, and who has not."""

    everybody: bool
    is_live: bool
    may_withdraw: bool
    read: list[str]
    unread: list[str]


class AllAnnouncedShown(BaseModel):
    """The last announcements the caller made or that went to their teams, newest first."""

    items: list[AnnouncedShown]


class AllHeardShown(BaseModel):
    """What the caller was told and has not read, newest first."""

    items: list[HeardShown]


class HeardWhisper(BaseModel):
    """A whisper as whoever may know of it sees it."""

    id: int
    contact_id: int
    person_id: int
    author_name: str
    text: str
    at: datetime
    read_at: datetime | None


class AllHeardWhispers(BaseModel):
    """Whispers, newest first."""

    items: list[HeardWhisper]


class WhispersAsked(Asked):
    """Of which case all whispers that the caller may know of are wanted, too."""

    case_id: Id | None = None


@floor.get("/announcements", response=AllAnnouncedShown)
def list_announcements(request: StaffRequest) -> AllAnnouncedShown:
    """Return what was announced and who has read it."""
    return AllAnnouncedShown(items=[_told(one) for one in announcements_of(request.scope, now=clock.now())])


@router.post("/announcements/{announcement_id}/withdraw", response=Done)
def withdraw_announcement(request: StaffRequest, announcement_id: Id) -> Done:
    """Take an announcement off the desks."""
    actions.withdraw(worker_of(request), own_announcement_for(request.scope, announcement_id))
    return Done()


@router.get("/people/me/announcements", response=AllHeardShown)
def list_unread_announcements(request: StaffRequest) -> AllHeardShown:
    """Return what one was told and has not read."""
    found = unread_announcements(request.scope, now=clock.now())
    return AllHeardShown(items=[HeardShown(**_heard(one)) for one in found])


@router.post("/announcements/{announcement_id}/read", response=Done)
def read_announcement(request: StaffRequest, announcement_id: Id) -> Done:
    """Note that one has read an announcement."""
    actions.read_announcement(worker_of(request), announcement_for(request.scope, announcement_id))
    return Done()


@router.get("/people/me/whispers", response=AllHeardWhispers)
def list_whispers(request: StaffRequest, asked: Query[WhispersAsked]) -> AllHeardWhispers:
    """Return what was whispered to one and is not read; with a case also what of it one may know."""
    case = case_for(request.scope, asked.case_id) if asked.case_id else None
    return AllHeardWhispers(items=[_whisper(said) for said in whispers_for(request.scope, case)])


@router.post("/whispers/{whisper_id}/read", response=Done)
def read_whisper(request: StaffRequest, whisper_id: Id) -> Done:
    """Note that one has read a whisper."""
    actions.read_whisper(worker_of(request), whisper_id)
    return Done()


def _told(one: Told) -> AnnouncedShown:
    return AnnouncedShown(
        **_heard(one.announcement),
        everybody=one.announcement.everybody,
        is_live=one.is_live,
        may_withdraw=one.may_take_back,
        read=list(one.read),
        unread=list(one.unread),
    )


def _heard(row: Announcement) -> dict[str, Any]:
    return {name: getattr(row, name) for name in HeardShown.model_fields}


def _whisper(row: Whisper) -> HeardWhisper:
    names = HeardWhisper.model_fields.keys() - {"text"}
    return HeardWhisper(**{name: getattr(row, name) for name in names}, text=row.body)
