"""The ledger for programs: what happened after a position, as far as the caller may see it today."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.api.facts import MAY_READ_WORDS, bodies_of, cause_of, reaches
from heartline.common.errors import Invalid
from heartline.common.schemas import Asked
from heartline.conversations.queries import own_case_ids
from heartline.ledger.positions import START, Position
from heartline.ledger.queries import Recorded, head, read_after
from heartline.people.queries import Scope, topics_of
from heartline.people.requests import StaffRequest

router = Router(tags=["Events"])

BATCH = 500
# A request looks at so many events; who sees few of them gets a short page and goes on from `next`.
BATCHES = 4


class CauseShown(BaseModel):
    """Who or what caused a change."""

    kind: str
    id: int | None
    name: str


class EventShown(BaseModel):
    """A fact as it was recorded. `body` has the fields of its kind, and words only for who may read them."""

    position: str
    at: datetime
    kind: str
    by: CauseShown
    body: dict[str, Any]


class EventsShown(BaseModel):
    """Events after a position. Ask again with `after` = `next`; `at_end` says that nothing more is there yet."""

    items: list[EventShown]
    next: str
    at_end: bool


class EventsAsked(Asked):
    """From where on events are wanted: after a position, from the beginning (empty), or from `now` on."""

    after: Annotated[str, Field(max_length=40)] = ""
    limit: Annotated[int, Field(ge=1, le=BATCH)] = 100


@router.get("/events", response=EventsShown)
def list_events(request: StaffRequest, asked: Query[EventsAsked]) -> EventsShown:
    """Return what happened after a position, oldest first: the same events as live push, with the same visibility."""
    if asked.after == "now":
        return EventsShown(items=[], next=str(head()), at_end=True)
    found, position, at_end = _visible_after(request.scope, _position(asked.after), asked.limit)
    return EventsShown(items=_shown(found, request.scope), next=str(position), at_end=at_end)


def _visible_after(scope: Scope, position: Position, limit: int) -> tuple[list[Recorded], Position, bool]:
    """Return visible events, the position of the last event looked at, and whether the ledger ends there."""
    names = topics_of(scope, own_case_ids(scope))
    found: list[Recorded] = []
    for _batch in range(BATCHES):
        events = read_after(position, BATCH)
        for event in events:
            if reaches(event, names):
                found.append(event)
            position = event.position
            if len(found) == limit:
                return found, position, False
        if len(events) < BATCH:
            return found, position, True
    return found, position, False


def _shown(events: list[Recorded], scope: Scope) -> list[EventShown]:
    words = scope.rights >= MAY_READ_WORDS
    return [
        EventShown(
            position=str(event.position),
            at=event.at,
            kind=event.kind,
            by=CauseShown(**cause_of(event, words=words)),
            body=body,
        )
        for event, body in zip(events, bodies_of(events, words=words), strict=True)
    ]


def _position(text: str) -> Position:
    if not text:
        return START
    position = Position.parse(text)
    if position is None or max(position) >= 2**63:
        message = _("This position is not one of ours. Start again without it")
        raise Invalid(message, code="position_unknown", fields={"after": message})
    return position
