"""Search, for programs: the same question and the same rights as on the page."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.schemas import Asked, Page
from heartline.knowledge.search.marking import wanted_by
from heartline.knowledge.search.pages import LONGEST
from heartline.knowledge.search.queries import Place, Reader, find, kinds_for
from heartline.knowledge.search.rules import understand
from heartline.knowledge.search.shown import Hit, hits
from heartline.knowledge.search.sources import BY_KEY
from heartline.people.requests import StaffRequest

router = Router(tags=["Search"])


class PartShown(BaseModel):
    """Some words of a hit, and whether they are what was looked for."""

    text: str
    found: bool


class HitShown(BaseModel):
    """One thing that was found: a customer, a case, a message, a file or an article, by its id, and where a person opens it."""

    kind: str
    id: int
    address: str
    title: list[PartShown]
    text: list[PartShown]
    by: str
    facts: list[str]
    at: datetime | None
    is_internal: bool


class SearchAsked(Asked):
    """What is looked for, in words and fields as on the search page, among things of one kind."""

    q: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    kind: Literal["customers", "cases", "messages", "files", "articles"] = "cases"
    limit: Annotated[int, Field(ge=1, le=100, description="How many items to return.")] = 20
    cursor: Annotated[str, Field(max_length=40, description="`next` of the page before; empty for the first.")] = ""


@router.get("/search", response=Page[HitShown])
def search(request: StaffRequest, asked: Query[SearchAsked]) -> Page[HitShown]:
    """Return what a question finds among the things of one kind that the caller may see, the best first."""
    question, reader = understand(asked.q), Reader(request.scope, clock.now(), timezone.get_current_timezone())
    kind, place = BY_KEY[asked.kind], Place.parse(asked.cursor)
    if asked.cursor and str(place) != asked.cursor:
        message = _("This cursor is not one of ours. Start again without it")
        raise Invalid(message, code="cursor_unknown", fields={"cursor": message})
    if kind not in kinds_for(question, reader.scope):
        return Page(items=[], next=None)
    found = find(reader, question, kind, place=place, limit=asked.limit)
    shown = [_shown(asked.kind, hit) for hit in hits(found, wanted_by(question))]
    return Page(items=shown, next=str(found.next) if found.next else None)


def _shown(kind: str, hit: Hit) -> HitShown:
    return HitShown(
        kind=kind,
        id=hit.id,
        address=hit.address,
        title=[PartShown(text=part.text, found=part.is_found) for part in hit.title],
        text=[PartShown(text=part.text, found=part.is_found) for part in hit.text],
        by=hit.by,
        facts=hit.facts,
        at=hit.at,
        is_internal=hit.is_private,
    )
