"""Coaching notes, for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.filled import checked
from heartline.common.paging import page_of
from heartline.common.schemas import Day, Id, Page, PageAsked, Sent
from heartline.improvement.quality.actions.talk import agree, close_step, write_note
from heartline.improvement.quality.api.reviews import WhySent, Words
from heartline.improvement.quality.forms import NoteForm
from heartline.improvement.quality.models import CoachingNote
from heartline.improvement.quality.queries.reviews import coached_from, note_for, notes_for
from heartline.improvement.quality.queries.samples import agent_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Quality: coaching"])


class CoachingSent(Sent):
    """A talk with a colleague, who reads it at once. With a review it can link messages of that review's contact."""

    text: Annotated[str, Field(min_length=1, max_length=2000)]
    next_step: Annotated[str, Field(max_length=300)] = ""
    due_on: Day | None = None
    review_id: Id | None = None
    message_ids: Annotated[list[Id], Field(max_length=100)] = []


class CoachingShown(BaseModel):
    """A coaching note: what was talked about, from which messages, and what comes next."""

    id: int
    person_id: int
    author_id: int | None
    contact_id: int | None
    review_id: int | None
    message_ids: list[int]
    text: str
    next_step: str
    due_on: date | None
    agents_words: str
    outcome: str
    at: datetime
    agreed_at: datetime | None
    done_at: datetime | None


class CoachingAsked(PageAsked):
    """Which coaching notes are wanted."""

    person_id: Id | None = None
    state: Literal["open", "done"] | None = None


class AgreedWords(Sent):
    """What the colleague adds, if anything."""

    text: Words = ""


@router.get("/quality/coaching", response=Page[CoachingShown])
def list_coaching(request: StaffRequest, asked: Query[CoachingAsked]) -> Page[CoachingShown]:
    """Return coaching notes, newest first: those about the caller, those they wrote, and those of their people."""
    rows = notes_for(request.scope).prefetch_related("messages")
    if asked.person_id:
        rows = rows.filter(about=asked.person_id)
    if asked.state:
        rows = rows.filter(done_at__isnull=asked.state == "open")
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[_shown(row) for row in found], next=following)


@router.post("/people/{person_id}/coaching", response={201: CoachingShown})
def write_coaching(request: StaffRequest, person_id: Id, sent: CoachingSent) -> CoachingShown:
    """Write down a talk with a colleague."""
    about = agent_for(request.scope, person_id)
    review = coached_from(request.scope, sent.review_id, about) if sent.review_id else None
    form = NoteForm(sent.model_dump(), instance=CoachingNote(about=about, review=review))
    checked(form)
    contact, by = review.contact if review else None, actor_for(request.user)
    return _shown(write_note(form.instance, contact, sent.message_ids, by=by, now=clock.now()))


@router.get("/quality/coaching/{note_id}", response=CoachingShown)
def read_coaching(request: StaffRequest, note_id: Id) -> CoachingShown:
    """Return one coaching note."""
    return _shown(note_for(request.scope, note_id))


@router.post("/quality/coaching/{note_id}/agree", response=CoachingShown)
def agree_to_coaching(request: StaffRequest, note_id: Id, sent: AgreedWords) -> CoachingShown:
    """Agree to the next step, as the colleague it is about."""
    found = note_for(request.scope, note_id)
    return _shown(agree(found, sent.text, by=actor_for(request.user), now=clock.now()))


@router.post("/quality/coaching/{note_id}/close", response=CoachingShown)
def close_coaching(request: StaffRequest, note_id: Id, sent: WhySent) -> CoachingShown:
    """Say what came of the next step."""
    found = note_for(request.scope, note_id)
    return _shown(close_step(found, sent.text, by=actor_for(request.user), now=clock.now()))


def _shown(row: CoachingNote) -> CoachingShown:
    names = CoachingShown.model_fields.keys() - {"person_id", "message_ids"}
    linked = sorted(message.pk for message in row.messages.all())
    return CoachingShown(**{name: getattr(row, name) for name in names}, person_id=row.about_id, message_ids=linked)
