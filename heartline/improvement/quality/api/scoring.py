"""Scoring contacts, for programs: what is to be scored, answers kept as they are given, and handing on."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Invalid, NotFound
from heartline.common.paging import page_of
from heartline.common.schemas import Id, Page, PageAsked, Sent
from heartline.improvement.quality.actions.draws import hand_on
from heartline.improvement.quality.actions.reviews import save_answer, save_comment, submit_review
from heartline.improvement.quality.api.cards import Count
from heartline.improvement.quality.api.reviews import AnswerShown, ReviewWhole, Words, answer_shown, whole
from heartline.improvement.quality.models import Review
from heartline.improvement.quality.queries.reviews import open_reviews_of, review_to_score, work_of
from heartline.improvement.quality.queries.samples import evaluators_for
from heartline.improvement.quality.rules.scoring import Given
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Quality: reviews"])

QuestionKey = Annotated[str, Field(max_length=8)]


class ToScoreShown(BaseModel):
    """A contact somebody is to score. Why it was drawn is told once it is scored: it would colour the eye."""

    id: int
    contact_id: int
    person_id: int
    version_id: int
    evaluator_id: int | None
    calibration_id: int | None
    given_at: datetime


class AnswerSent(Sent):
    """An answer: a value, or that the question does not apply. `base` is the `saved` it was made from."""

    value: Annotated[int, Field(ge=0, le=10)] | None = None
    na: bool = False
    comment: Words = ""
    message_ids: Annotated[list[Id], Field(max_length=20)] = []
    base: Count


class CommentSent(Sent):
    """What is said about the whole contact. `base` is the `comment_saved` it was made from."""

    comment: Words
    base: Count


class HandOnSent(Sent):
    """To whom."""

    person_id: Id


@router.get("/quality/to-score", response=Page[ToScoreShown])
def list_reviews_to_score(request: StaffRequest, asked: Query[PageAsked]) -> Page[ToScoreShown]:
    """Return what the caller is asked to score, oldest first."""
    found, following = page_of(work_of(request.scope), asked.cursor, asked.limit, newest_first=False)
    return Page(items=[_shown(row) for row in found], next=following)


@router.get("/quality/open-reviews", response=Page[ToScoreShown])
def list_open_reviews(request: StaffRequest, asked: Query[PageAsked]) -> Page[ToScoreShown]:
    """Return what is still to be scored of the work of the caller's people, by whomever, oldest first."""
    found, following = page_of(open_reviews_of(request.scope), asked.cursor, asked.limit, newest_first=False)
    return Page(items=[_shown(row) for row in found], next=following)


@router.put("/quality/reviews/{review_id}/answers/{question}", response=AnswerShown)
def keep_answer(request: StaffRequest, review_id: Id, question: QuestionKey, sent: AnswerSent) -> AnswerShown:
    """Keep one answer of a review that is the caller's to score; a later save is never written over."""
    found = review_to_score(request.scope, review_id)
    given, by = Given(sent.value, sent.na), actor_for(request.user)
    points = (question, given, sent.comment, sent.message_ids)
    return answer_shown(save_answer(found, *points, base=sent.base, by=by, now=clock.now()))


@router.put("/quality/reviews/{review_id}/comment", response=ReviewWhole)
def keep_review_comment(request: StaffRequest, review_id: Id, sent: CommentSent) -> ReviewWhole:
    """Keep what is said about the whole contact."""
    found = review_to_score(request.scope, review_id)
    kept = save_comment(found, sent.comment, base=sent.base, by=actor_for(request.user), now=clock.now())
    return whole(kept, request.scope)


@router.post("/quality/reviews/{review_id}/submit", response=ReviewWhole)
def submit_own_review(request: StaffRequest, review_id: Id) -> ReviewWhole:
    """Submit a review whose questions are all answered; `fields` of a refusal name those that are not."""
    found = review_to_score(request.scope, review_id)
    submit_review(found, by=actor_for(request.user), now=clock.now())
    return whole(found, request.scope)


@router.post("/quality/reviews/{review_id}/hand-on", response=ToScoreShown)
def hand_review_on(request: StaffRequest, review_id: Id, sent: HandOnSent) -> ToScoreShown:
    """Give a review that nobody has begun to somebody else."""
    found = open_reviews_of(request.scope).filter(pk=review_id).first()
    if found is None:
        raise NotFound(_("There is no such review, or it is not yours to see"))
    to = evaluators_for(request.scope).filter(pk=sent.person_id).first()
    if to is None:
        text = _("There is no such colleague, or their work is not yours to see")
        raise Invalid(text, fields={"person_id": text})
    return _shown(hand_on(found, to, by=actor_for(request.user), now=clock.now()))


def _shown(row: Review) -> ToScoreShown:
    names = ToScoreShown.model_fields.keys() - {"person_id"}
    return ToScoreShown(**{name: getattr(row, name) for name in names}, person_id=row.about_id)
