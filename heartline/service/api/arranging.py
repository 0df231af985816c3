"""How people arrange their desk, for programs: views of the inbox, how they are told, what needs them next."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.paging import page_of
from heartline.common.schemas import Asked, Done, Id, Page, PageAsked, Sent
from heartline.conversations import levels
from heartline.conversations.api.quick_replies import whose
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.service.inbox import views
from heartline.service.inbox.next_item import next_for
from heartline.service.models import InboxView

router = Router(tags=["Inbox"])


class InboxFilters(Sent):
    """What an inbox is narrowed to; what is left out narrows nothing."""

    queue: Annotated[int, Field(ge=1, lt=2**53)] | None = None
    channel: Annotated[str, Field(max_length=20)] = ""
    language: Annotated[str, Field(max_length=10)] = ""
    tier: Annotated[str, Field(max_length=20)] = ""
    tag: Annotated[str, Field(max_length=40)] = ""
    owner: Literal["", "me", "nobody", "others"] = ""
    state: Literal["", "waiting", "active", "wrap_up", "snoozed"] = ""
    unread: bool = False
    overdue: bool = False


class InboxViewSent(Sent):
    """A named narrowing of the inbox, by one filter at least. `level` is own, everybody, or a team by its number."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    filters: InboxFilters
    level: Annotated[str, Field(max_length=20)] = "own"


class InboxViewChanges(Sent):
    """What to change of a view; what is left out stays."""

    name: Annotated[str, Field(min_length=1, max_length=60)] = "-"
    filters: InboxFilters = InboxFilters()
    level: Annotated[str, Field(max_length=20)] = "own"


class InboxViewShown(BaseModel):
    """A view of the inbox, whose it is, and whether the caller may change it."""

    id: int
    name: str
    filters: InboxFilters
    level: str
    may_change: bool


class NoticesShown(BaseModel):
    """How the caller's desk tells them: by sound and outside the page, of what is theirs and of what waits for the team."""

    sound_yours: bool
    sound_team: bool
    outside_yours: bool
    outside_team: bool


class NoticesSent(Sent):
    """How to be told; what is left out stays."""

    sound_yours: bool = True
    sound_team: bool = True
    outside_yours: bool = True
    outside_team: bool = True


class NextAsked(Asked):
    """Which case is open already and need not be told."""

    here: Id | None = None


class NextShown(BaseModel):
    """The case that needs the caller next and why, in their language; null when nothing does."""

    case_id: int | None
    offer_id: int | None
    why: str


@router.get("/inbox-views", response=Page[InboxViewShown])
def list_inbox_views(request: StaffRequest, asked: Query[PageAsked]) -> Page[InboxViewShown]:
    """Return the views the caller may use, newest first."""
    found, following = page_of(views.views_for(request.scope), asked.cursor, asked.limit)
    return Page(items=[_shown(request, row) for row in found], next=following)


@router.post("/inbox-views", response={201: InboxViewShown})
def add_inbox_view(request: StaffRequest, sent: InboxViewSent) -> InboxViewShown:
    """Add a view: one's own, as a supervisor a team's, as an administrator everybody's."""
    return _saved(request, InboxView(), sent.model_dump())


@router.patch("/inbox-views/{view_id}", response=InboxViewShown)
def change_inbox_view(request: StaffRequest, view_id: Id, sent: InboxViewChanges) -> InboxViewShown:
    """Change a view."""
    row = views.view_for(request.scope, view_id)
    standing = {"name": row.name, "filters": row.filters, "level": levels.chosen(row)}
    return _saved(request, row, standing | sent.model_dump(exclude_unset=True))


@router.delete("/inbox-views/{view_id}", response=Done)
def remove_inbox_view(request: StaffRequest, view_id: Id) -> Done:
    """Remove a view; what it showed stays where it is."""
    row = views.view_for(request.scope, view_id)
    views.remove_view(request.scope, row, by=actor_for(request.user), now=clock.now())
    return Done()


@router.get("/people/me/notices", response=NoticesShown)
def read_notices(request: StaffRequest) -> NoticesShown:
    """Return how one is told at the desk."""
    return NoticesShown(**views.notices_of(request.user))


@router.patch("/people/me/notices", response=NoticesShown)
def change_notices(request: StaffRequest, sent: NoticesSent) -> NoticesShown:
    """Choose how one is told at the desk."""
    return NoticesShown(**views.choose_notices(request.user, sent.model_dump(exclude_unset=True)))


@router.get("/people/me/next", response=NextShown)
def read_next(request: StaffRequest, asked: Query[NextAsked]) -> NextShown:
    """Return what needs one next, and why."""
    found = next_for(request.scope, clock.now(), here=asked.here)
    return NextShown(**(found or {"case_id": None, "offer_id": None, "why": ""}))


def _saved(request: StaffRequest, row: InboxView, given: dict[str, Any]) -> InboxViewShown:
    name = given["name"].strip()
    if not name:
        message = _("One thing missing: %(field)s") % {"field": _("Title")}
        raise Invalid(message, fields={"name": message})
    values = {"name": name, "filters": given["filters"], **whose(request, given["level"])}
    saved = views.save_view(request.scope, row, values, by=actor_for(request.user), now=clock.now())
    return _shown(request, saved)


def _shown(request: StaffRequest, row: InboxView) -> InboxViewShown:
    return InboxViewShown(
        id=row.pk,
        name=row.name,
        filters=InboxFilters(**row.filters),
        level=levels.chosen(row),
        may_change=levels.may_change(request.scope, row),
    )
