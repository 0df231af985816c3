"""Reviews as they were submitted, for programs: read, shared, talked about."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

from django.db.models import Prefetch, QuerySet
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.paging import page_of
from heartline.common.schemas import Id, Page, PageAsked, Sent
from heartline.conversations.api.cases import MessageShown, messages_shown
from heartline.conversations.models import Message
from heartline.improvement.quality.actions.reviews import given_answers, reopen_review, share_review
from heartline.improvement.quality.actions.talk import say
from heartline.improvement.quality.api.cards import SectionAsked, sections_of
from heartline.improvement.quality.models import Answer, Remark, Review
from heartline.improvement.quality.queries.reviews import (
    other_review_of,
    rating_of,
    review_for,
    review_to_score,
    reviews_for,
)
from heartline.improvement.quality.rules.scoring import score
from heartline.people.actions import actor_for
from heartline.people.queries import Scope
from heartline.people.requests import StaffRequest

router = Router(tags=["Quality: reviews"])

Words = Annotated[str, Field(max_length=2000)]


class ReviewShown(BaseModel):
    """A review of one contact by one evaluator. What it came to is null while it is open.

    `result` is from 0 to 100; a critical question that was not met makes it nought, whatever the `percent`.
    """

    id: int
    contact_id: int
    person_id: int
    version_id: int
    evaluator_id: int | None
    calibration_id: int | None
    state: str
    percent: Decimal | None
    result: Decimal | None
    is_failed: bool
    feedback: str
    given_at: datetime
    submitted_at: datetime | None
    shared_at: datetime | None


class AnswerShown(BaseModel):
    """An answer to a question, the messages it points to, and how often it was saved."""

    question: str
    value: int | None
    na: bool
    comment: str
    message_ids: list[int]
    saved: int


class RemarkShown(BaseModel):
    """What agent and evaluator said to each other about a review."""

    id: int
    kind: str
    author_id: int | None
    text: str
    at: datetime


class RatingBeside(BaseModel):
    """What the customer said of the same case."""

    score: int
    comment: str


class ReviewWhole(ReviewShown):
    """A review with what is asked and answered, what was said about it, the customer's rating, and the second review.

    Neither rating nor second review is told before the first is submitted: who scores shall not know them.
    """

    comment: str
    comment_saved: int
    asks: list[SectionAsked]
    answers: list[AnswerShown]
    failed: list[str]
    missing: list[str]
    sections: dict[str, Decimal | None]
    remarks: list[RemarkShown]
    rating: RatingBeside | None
    other_id: int | None
    other_evaluator_id: int | None
    other_result: Decimal | None
    other_answers: list[AnswerShown]


class TalkShown(BaseModel):
    """What was said in a contact, oldest first."""

    items: list[MessageShown]


class ReviewsAsked(PageAsked):
    """Which reviews are wanted."""

    person_id: Id | None = None
    evaluator_id: Id | None = None
    contact_id: Id | None = None
    version_id: Id | None = None
    state: Literal["open", "submitted"] | None = None
    feedback: Literal["acknowledged", "disputed", "settled"] | None = None
    shared: Annotated[Literal["true", "false"] | None, Field(description="Shared with the colleague or not.")] = None


class WhySent(Sent):
    """Why."""

    text: Words


class RemarkSent(Sent):
    """An answer to the colleague, or that the score stands."""

    kind: Literal["answered", "upheld"]
    text: Words


@router.get("/quality/reviews", response=Page[ReviewShown])
def list_reviews(request: StaffRequest, asked: Query[ReviewsAsked]) -> Page[ReviewShown]:
    """Return the reviews the caller may read, newest first: those they gave, and submitted ones of their people's work."""
    found, following = page_of(_wanted(reviews_for(request.scope), asked), asked.cursor, asked.limit)
    return Page(items=[review_shown(row) for row in found], next=following)


@router.get("/quality/reviews/{review_id}", response=ReviewWhole)
def read_review(request: StaffRequest, review_id: Id) -> ReviewWhole:
    """Return a review; one's own that is open with what is kept of it so far."""
    return whole(review_for(request.scope, review_id), request.scope)


@router.get("/quality/reviews/{review_id}/messages", response=TalkShown)
def list_review_messages(request: StaffRequest, review_id: Id) -> TalkShown:
    """Return what was said in the contact that a review is about, for whoever may read the review."""
    return talk_shown(review_for(request.scope, review_id), request.scope)


@router.post("/quality/reviews/{review_id}/share", response=ReviewWhole)
def share_review_of(request: StaffRequest, review_id: Id) -> ReviewWhole:
    """Let the colleague whose work it is about read a review."""
    found = review_for(request.scope, review_id)
    return whole(share_review(found, by=actor_for(request.user), now=clock.now()), request.scope)


@router.post("/quality/reviews/{review_id}/reopen", response=ReviewWhole)
def reopen_own_review(request: StaffRequest, review_id: Id, sent: WhySent) -> ReviewWhole:
    """Look at one's own review again, with a reason; what it came to before stays in the record."""
    found = review_to_score(request.scope, review_id)
    return whole(reopen_review(found, sent.text, by=actor_for(request.user), now=clock.now()), request.scope)


@router.post("/quality/reviews/{review_id}/remarks", response={201: RemarkShown})
def answer_about_review(request: StaffRequest, review_id: Id, sent: RemarkSent) -> RemarkShown:
    """Answer the colleague, or let the score stand against an appeal, for a reason."""
    found = review_for(request.scope, review_id)
    return remark_shown(say(found, sent.kind, sent.text, by=actor_for(request.user), now=clock.now()))


def review_shown(row: Review) -> ReviewShown:
    """Return a review without its answers; what an open one came to before does not count any more."""
    is_open = row.state == "open"
    names = ReviewShown.model_fields.keys() - {"person_id", "percent", "result", "is_failed"}
    return ReviewShown(
        **{name: getattr(row, name) for name in names},
        person_id=row.about_id,
        percent=None if is_open else row.percent,
        result=None if is_open else row.result,
        is_failed=row.is_failed and not is_open,
    )


def whole(row: Review, scope: Scope, *, with_answers: bool = True, with_other: bool = True) -> ReviewWhole:
    """Return a review with all that a reader may know of it."""
    answers = list(_with_messages(row.answers.all())) if with_answers else []
    other = other_review_of(scope, row) if with_other else None
    rating = rating_of(row)
    found = score(row.version.asks(), given_answers(row) if with_answers else {})
    comes_to = row.state == "submitted"
    return ReviewWhole(
        **review_shown(row).model_dump(),
        comment=row.comment if with_answers else "",
        comment_saved=row.comment_saved,
        asks=sections_of(row.version),
        answers=[answer_shown(one) for one in answers],
        failed=list(found.failed) if comes_to else [],
        missing=list(found.missing) if with_answers else [],
        sections=dict(found.sections) if comes_to else {},
        remarks=[remark_shown(one) for one in row.remarks.all()],
        rating=RatingBeside(score=rating.score, comment=_readable(rating.comment, scope)) if rating else None,
        other_id=other.pk if other else None,
        other_evaluator_id=other.evaluator_id if other else None,
        other_result=other.result if other else None,
        other_answers=[answer_shown(one) for one in _with_messages(other.answers.all())] if other else [],
    )


def answer_shown(row: Answer) -> AnswerShown:
    """Return an answer with the messages it points to."""
    return AnswerShown(
        question=row.question,
        value=row.value,
        na=row.is_na,
        comment=row.comment,
        message_ids=sorted(message.pk for message in row.messages.all()),
        saved=row.saved,
    )


def remark_shown(row: Remark) -> RemarkShown:
    """Return a remark."""
    return RemarkShown(**{name: getattr(row, name) for name in RemarkShown.model_fields})


def talk_shown(review: Review, scope: Scope) -> TalkShown:
    """Return the messages of the contact a review is about; the caller has found the review for its reader."""
    scope.require("message.read")
    return TalkShown(items=messages_shown(Message.objects.filter(contact=review.contact_id).order_by("id")))


def _wanted(rows: QuerySet[Review], asked: ReviewsAsked) -> QuerySet[Review]:
    wanted = asked.model_dump(exclude={"limit", "cursor", "shared"}, exclude_none=True)
    if "person_id" in wanted:
        wanted["about_id"] = wanted.pop("person_id")
    if asked.shared:
        wanted["shared_at__isnull"] = asked.shared == "false"
    return rows.filter(**wanted)


def _with_messages(rows: QuerySet[Answer]) -> QuerySet[Answer]:
    only = Prefetch("messages", Message.objects.only("id"))
    return rows.order_by("id").prefetch_related(only)


def _readable(text: str, scope: Scope) -> str:
    return text if scope.may("message.read") else ""
