"""What was shared with the person whose work it is about, and what they say to it, for programs."""

from __future__ import annotations

from typing import Literal

from ninja import Query, Router

from heartline.common import clock
from heartline.common.paging import page_of
from heartline.common.schemas import Id, Page, PageAsked, Sent
from heartline.improvement.quality.actions.talk import say
from heartline.improvement.quality.api.reviews import (
    RemarkShown,
    ReviewShown,
    ReviewWhole,
    TalkShown,
    Words,
    remark_shown,
    review_shown,
    talk_shown,
    whole,
)
from heartline.improvement.quality.models import Review
from heartline.improvement.quality.queries.reviews import shared_review_for, shared_with
from heartline.people.actions import actor_for
from heartline.people.queries import Scope
from heartline.people.requests import StaffRequest

router = Router(tags=["Quality: reviews"])


class SaySent(Sent):
    """That one has read a review, a reply to it, or an appeal against it, which needs a reason and is made once."""

    kind: Literal["acknowledged", "replied", "disputed"]
    text: Words = ""


@router.get("/quality/mine", response=Page[ReviewShown])
def list_own_reviews(request: StaffRequest, asked: Query[PageAsked]) -> Page[ReviewShown]:
    """Return the reviews of the caller's own work that were shared with them, newest first."""
    found, following = page_of(shared_with(request.scope), asked.cursor, asked.limit)
    return Page(items=[review_shown(row) for row in found], next=following)


@router.get("/quality/mine/{review_id}", response=ReviewWhole)
def read_own_review(request: StaffRequest, review_id: Id) -> ReviewWhole:
    """Return a review of the caller's own work; while it is looked at again, only that."""
    return _own(shared_review_for(request.scope, review_id), request.scope)


@router.get("/quality/mine/{review_id}/messages", response=TalkShown)
def list_own_review_messages(request: StaffRequest, review_id: Id) -> TalkShown:
    """Return what was said in the contact that a review of the caller's own work is about."""
    return talk_shown(shared_review_for(request.scope, review_id), request.scope)


@router.post("/quality/mine/{review_id}/remarks", response={201: RemarkShown})
def say_about_own_review(request: StaffRequest, review_id: Id, sent: SaySent) -> RemarkShown:
    """Acknowledge a review of one's own work, reply to it, or appeal against it."""
    found = shared_review_for(request.scope, review_id)
    return remark_shown(say(found, sent.kind, sent.text, by=actor_for(request.user), now=clock.now()))


def _own(found: Review, scope: Scope) -> ReviewWhole:
    return whole(found, scope, with_answers=found.state == "submitted", with_other=False)
