"""The audit log, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common.errors import Invalid
from heartline.common.schemas import BIGGEST, Asked, Day, Id
from heartline.ledger.models import Entry
from heartline.ledger.positions import Position
from heartline.people.audit import Sought, before, entries_for, who
from heartline.people.requests import StaffRequest

router = Router(tags=["Audit"])


class AuditAsked(Asked):
    """What is looked for. Days are whole days of the key's person; `before` goes on from an earlier page."""

    person_id: Id | None = None
    kind: Annotated[str, Field(max_length=80)] = ""
    since: Day | None = None
    until: Day | None = None
    subject: Literal["customer_id", "case_id", "contact_id", "queue_id", "brand_id"] | None = None
    number: Id | None = None
    before: Annotated[str, Field(max_length=40)] = ""
    limit: Annotated[int, Field(ge=1, le=500)] = 100


class AuditShown(BaseModel):
    """One thing that was recorded."""

    position: str
    at: datetime
    kind: str
    actor_kind: str
    actor_id: int | None
    actor_name: str
    cause: str
    body: dict[str, Any]


class AuditListShown(BaseModel):
    """What was recorded, newest first. Go on with `before` = `next`; null at the end."""

    items: list[AuditShown]
    next: str | None


@router.get("/audit", response=AuditListShown)
def list_audit(request: StaffRequest, asked: Query[AuditAsked]) -> AuditListShown:
    """Return what was recorded: who did what and when, newest first."""
    given = asked.model_dump(include={"person_id", "kind", "number"})
    sought = Sought(**given, first=asked.since, last=asked.until, subject=asked.subject or "")
    found = entries_for(request.scope, sought, ZoneInfo(request.user.site.time_zone))
    if asked.before:
        found = before(found, _position(asked.before))
    rows = list(found[: asked.limit + 1])
    last = rows[asked.limit - 1] if len(rows) > asked.limit else None
    items = [_shown(row, request) for row in rows[: asked.limit]]
    return AuditListShown(items=items, next=str(Position(last.epoch_tx, last.id)) if last else None)


def _shown(entry: Entry, request: StaffRequest) -> AuditShown:
    return AuditShown(
        position=str(Position(entry.epoch_tx, entry.id)),
        at=entry.at,
        kind=entry.kind,
        actor_kind=entry.actor_kind,
        actor_id=entry.actor_id,
        actor_name=who(entry, request.scope),
        cause=entry.cause,
        body=entry.body,
    )


def _position(text: str) -> Position:
    position = Position.parse(text)
    if position is None or max(position) > BIGGEST:
        message = _("This position is not one of ours. Start again without it")
        raise Invalid(message, code="position_unknown", fields={"before": message})
    return position
