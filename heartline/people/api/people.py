"""Queues, colleagues and oneself, for programs. Setting them up is in `setup`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Query, Router
from pydantic import BaseModel

from heartline.common.paging import page_of
from heartline.common.schemas import Page, PageAsked
from heartline.people.models import Person, Presence, Queue
from heartline.people.queries import colleagues_of, queues_for
from heartline.people.requests import StaffRequest

router = Router(tags=["People and queues"])


class QueueShown(BaseModel):
    """A queue and its aim."""

    id: int
    key: str
    name_en: str
    name_zh: str
    brand: str
    answer_within_seconds: int
    answer_target_percent: int


class PresenceShown(BaseModel):
    """Whether a person can be offered work, since when, and why not."""

    state: str
    reason: str
    since: datetime


class PersonShown(BaseModel):
    """A colleague."""

    id: int
    name: str
    public_name: str
    role: str
    language: str
    presence: PresenceShown | None


class MeShown(PersonShown):
    """Who asks, and what this token or session may do."""

    email: str
    rights: list[str]
    team_ids: list[int]
    queue_ids: list[int]


@router.get("/queues", response=Page[QueueShown])
def list_queues(request: StaffRequest, asked: Query[PageAsked]) -> Page[QueueShown]:
    """Return the queues whose work the caller may see."""
    rows = queues_for(request.scope).select_related("brand")
    found, following = page_of(rows, asked.cursor, asked.limit, newest_first=False)
    return Page(items=[_queue(row) for row in found], next=following)


@router.get("/people", response=Page[PersonShown])
def list_people(request: StaffRequest, asked: Query[PageAsked]) -> Page[PersonShown]:
    """Return the caller's colleagues: the members of their teams, or everybody for administrators."""
    found, following = page_of(colleagues_of(request.scope), asked.cursor, asked.limit, newest_first=False)
    return Page(items=[PersonShown(**_person(row)) for row in found], next=following)


@router.get("/people/me", response=MeShown)
def read_me(request: StaffRequest) -> MeShown:
    """Return who asks and what they may do with this token or session."""
    person, scope = request.user, request.scope
    return MeShown(
        **_person(person),
        email=person.email,
        rights=sorted(scope.rights),
        team_ids=sorted(scope.team_ids),
        queue_ids=[row.id for row in queues_for(scope).order_by("id")],
    )


def presence_of(person: Person) -> PresenceShown | None:
    """Return a person's presence, or None when it was never set."""
    row = Presence.objects.filter(person=person).first()
    return PresenceShown(state=row.state, reason=row.reason, since=row.since) if row else None


def _person(person: Person) -> dict[str, Any]:
    row = getattr(person, "presence", None)
    shown = PresenceShown(state=row.state, reason=row.reason, since=row.since) if row else None
    return {
        "id": person.id,
        "name": person.name,
        "public_name": person.customer_sees,
        "role": person.role,
        "language": person.language,
        "presence": shown,
    }


def _queue(queue: Queue) -> QueueShown:
    return QueueShown(
        id=queue.id,
        key=queue.key,
        name_en=queue.name_en,
        name_zh=queue.name_zh,
        brand=queue.brand.key,
        answer_within_seconds=queue.answer_within_seconds,
        answer_target_percent=queue.answer_target_percent,
    )
