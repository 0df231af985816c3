"""What customers answered, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common.paging import page_of
from heartline.common.schemas import Id, Page, PageAsked
from heartline.people.requests import StaffRequest
from heartline.voice_of_customer.models import Response
from heartline.voice_of_customer.queries import responses_for

router = Router(tags=["Responses"])


class ResponseShown(BaseModel):
    """What a customer answered about one case: 5 is very satisfied, 1 very dissatisfied."""

    id: int
    case_id: int
    contact_id: int
    about_id: int | None
    score: int
    comment: str
    came_by: str
    at: datetime


class ResponsesAsked(PageAsked):
    """Which responses are wanted."""

    case_id: Id | None = None
    score: Annotated[int, Field(ge=1, le=5)] | None = None


@router.get("/responses", response=Page[ResponseShown])
def list_responses(request: StaffRequest, asked: Query[ResponsesAsked]) -> Page[ResponseShown]:
    """Return the answers about cases the caller may see, newest first."""
    wanted = {name: value for name, value in asked.model_dump(exclude={"limit", "cursor"}).items() if value is not None}
    rows = responses_for(request.scope).filter(**wanted).select_related("invitation")
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[_shown(row) for row in found], next=following)


def _shown(row: Response) -> ResponseShown:
    return ResponseShown(
        id=row.id,
        case_id=row.case_id,
        contact_id=row.invitation.contact_id,
        about_id=row.invitation.about_id,
        score=row.score,
        comment=row.comment,
        came_by=row.came_by,
        at=row.at,
    )
