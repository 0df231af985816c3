"""What we owe, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.paging import page_of
from heartline.common.schemas import Id, Page, PageAsked, Sent
from heartline.people.actions import actor_for
from heartline.people.queries import Scope
from heartline.people.requests import StaffRequest
from heartline.promises import actions
from heartline.promises.models import FollowUp
from heartline.promises.queries import follow_up_for, follow_ups_for

router = Router(tags=["Follow-ups"])


class FollowUpShown(BaseModel):
    """Something we owe a customer: by whom, what, by when.

    `late` is judged by the clock of this reply. `phone` is empty for who may not read customers' addresses.
    """

    id: int
    case_id: int
    contact_id: int | None
    kind: str
    owner_id: int | None
    owner_why: str
    what: str
    more: list[str]
    phone: str
    due_at: datetime
    state: str
    late: bool
    outcome: str
    opened_at: datetime
    done_at: datetime | None
    done_by_id: int | None


class FollowUpsAsked(PageAsked):
    """Which follow-ups are wanted."""

    state: Literal["open", "done"] | None = None
    kind: Literal["low_score", "callback"] | None = None
    owner_id: Id | None = None
    case_id: Id | None = None


class OutcomeSent(Sent):
    """What came of it, in words."""

    outcome: Annotated[str, Field(min_length=1, max_length=1000)]


@router.get("/follow-ups", response=Page[FollowUpShown])
def list_follow_ups(request: StaffRequest, asked: Query[FollowUpsAsked]) -> Page[FollowUpShown]:
    """Return what is owed as far as the caller may see it, newest first."""
    wanted = {name: value for name, value in asked.model_dump(exclude={"limit", "cursor"}).items() if value is not None}
    rows = follow_ups_for(request.scope).filter(**wanted).prefetch_related("additions")
    found, following = page_of(rows, asked.cursor, asked.limit)
    now = clock.now()
    return Page(items=[_shown(row, request.scope, now) for row in found], next=following)


@router.get("/follow-ups/{follow_up_id}", response=FollowUpShown)
def read_follow_up(request: StaffRequest, follow_up_id: Id) -> FollowUpShown:
    """Return one follow-up."""
    return _shown(follow_up_for(request.scope, follow_up_id), request.scope, clock.now())


@router.post("/follow-ups/{follow_up_id}/take", response=FollowUpShown)
def take_follow_up(request: StaffRequest, follow_up_id: Id) -> FollowUpShown:
    """Own a follow-up from now on."""
    person, now = request.user, clock.now()
    row = follow_up_for(request.scope, follow_up_id)
    actions.hand_over_follow_up(row, person, why="taken", by=actor_for(person), now=now)
    return _shown(row, request.scope, now)


@router.post("/follow-ups/{follow_up_id}/finish", response=FollowUpShown)
def finish_follow_up(request: StaffRequest, follow_up_id: Id, sent: OutcomeSent) -> FollowUpShown:
    """Close a follow-up with what came of it."""
    now = clock.now()
    row = follow_up_for(request.scope, follow_up_id)
    actions.finish_follow_up(row, sent.outcome, by=actor_for(request.user), now=now)
    return _shown(row, request.scope, now)


def _shown(row: FollowUp, scope: Scope, now: datetime) -> FollowUpShown:
    plain = FollowUpShown.model_fields.keys() - {"more", "late", "phone"}
    return FollowUpShown(
        **{name: getattr(row, name) for name in plain},
        phone=row.phone if scope.may("personal.read") else "",
        more=[addition.what for addition in row.additions.all()],
        late=row.due_at < (row.done_at or now),
    )
