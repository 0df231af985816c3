"""Samples of contacts to be scored, for programs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.filled import checked
from heartline.common.paging import page_of
from heartline.common.schemas import Day, Id, Page, PageAsked, Sent
from heartline.conversations.api.cases import Channel
from heartline.improvement.quality.actions.draws import draw_sample as draw
from heartline.improvement.quality.forms import DrawForm
from heartline.improvement.quality.models import Draw, Pick
from heartline.improvement.quality.queries.samples import draw_for, draws_for, evaluators_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Quality: samples"])

CALLED = {"version": "version_id", "team": "team_id", "queue": "queue_id", "evaluators": "evaluator_ids"}


class DrawSent(Sent):
    """What to draw from, by which rule, and who scores it. The same seed draws the same sample again.

    `count` is for each person and week, and in all for ratings and long contacts.
    """

    version_id: Id
    kind: Literal["random", "low_rating", "longest", "new_people"] = "random"
    count: Annotated[int, Field(ge=1, le=50)] = 2
    rating_up_to: Annotated[int, Field(ge=1, le=5)] = 2
    first_weeks: Annotated[int, Field(ge=1, le=52)] = 8
    first_day: Day
    last_day: Day
    team_id: Id | None = None
    queue_id: Id | None = None
    channel: Channel | Literal[""] = ""
    double_percent: Annotated[int, Field(ge=0, le=100)] = 20
    seed: Annotated[str, Field(max_length=40)] = ""
    evaluator_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]


class SampleShown(BaseModel):
    """A sample: its rule and seed, from how many it was drawn, and how many were."""

    id: int
    version_id: int
    kind: str
    count: int
    rating_up_to: int
    first_weeks: int
    first_day: date
    last_day: date
    team_id: int | None
    queue_id: int | None
    channel: str
    double_percent: int
    seed: str
    drawn_from: int
    drawn: int
    drawn_by_id: int | None
    at: datetime


class EvaluatorShown(BaseModel):
    """Somebody who may be asked to score."""

    id: int
    name: str
    role: str


class PickedReview(BaseModel):
    """A review of a contact that was drawn; `is_check` marks the second, which only says how alike we score."""

    id: int
    evaluator_id: int | None
    state: str
    is_check: bool


class PickShown(BaseModel):
    """A contact that was drawn, and who scores it."""

    id: int
    contact_id: int
    person_id: int | None
    reviews: list[PickedReview]


@router.get("/quality/evaluators", response=Page[EvaluatorShown])
def list_evaluators(request: StaffRequest, asked: Query[PageAsked]) -> Page[EvaluatorShown]:
    """Return who may be asked to score: colleagues with the right, and every expert."""
    found, following = page_of(evaluators_for(request.scope), asked.cursor, asked.limit, newest_first=False)
    return Page(items=[EvaluatorShown(id=row.id, name=row.name, role=row.role) for row in found], next=following)


@router.get("/quality/samples", response=Page[SampleShown])
def list_samples(request: StaffRequest, asked: Query[PageAsked]) -> Page[SampleShown]:
    """Return the samples with work of the caller's people in them, newest first."""
    found, following = page_of(draws_for(request.scope), asked.cursor, asked.limit)
    return Page(items=[_shown(row) for row in found], next=following)


@router.post("/quality/samples", response={201: SampleShown})
def draw_sample(request: StaffRequest, sent: DrawSent) -> SampleShown:
    """Draw a sample by lot and deal it out; nobody gets a contact they had a hand in."""
    now = clock.now()
    given = {name.removesuffix("_ids").removesuffix("_id"): value for name, value in sent.model_dump().items()}
    form = DrawForm(request.scope, timezone.localdate(now), given | {"evaluators": sent.evaluator_ids})
    chosen = list(checked(form, CALLED)["evaluators"])
    zone = timezone.get_current_timezone_name()
    made = draw(request.scope, form.instance, chosen, zone, by=actor_for(request.user), now=now)
    return _shown(draw_for(request.scope, made.pk))


@router.get("/quality/samples/{sample_id}", response=SampleShown)
def read_sample(request: StaffRequest, sample_id: Id) -> SampleShown:
    """Return one sample."""
    return _shown(draw_for(request.scope, sample_id))


@router.get("/quality/samples/{sample_id}/contacts", response=Page[PickShown])
def list_sample_contacts(request: StaffRequest, sample_id: Id, asked: Query[PageAsked]) -> Page[PickShown]:
    """Return the contacts of a sample and how far their scoring is."""
    picks = draw_for(request.scope, sample_id).picks.select_related("contact").prefetch_related("reviews")
    found, following = page_of(picks, asked.cursor, asked.limit, newest_first=False)
    return Page(items=[_pick(row) for row in found], next=following)


def _shown(row: Draw) -> SampleShown:
    return SampleShown(**{name: getattr(row, name) for name in SampleShown.model_fields})


def _pick(row: Pick) -> PickShown:
    names = PickedReview.model_fields
    reviews = [PickedReview(**{name: getattr(one, name) for name in names}) for one in row.reviews.all()]
    return PickShown(id=row.pk, contact_id=row.contact_id, person_id=row.contact.assignee_id, reviews=reviews)
