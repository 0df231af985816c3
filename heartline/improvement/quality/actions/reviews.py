"""Scoring: answers kept as they are given, submitted as a whole, shared when the evaluator is ready."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid, NotAllowed
from heartline.common.text import clean
from heartline.conversations.models import Message
from heartline.improvement.quality.events import ReviewReopened, ReviewShared, ReviewSubmitted
from heartline.improvement.quality.models import Answer, Feedback, Remark, Review
from heartline.improvement.quality.rules.scoring import Given, Score, score
from heartline.ledger.actions import one_change, record

WORDS = 2000
MOST_POINTED = 20


def save_answer(
    review: Review,
    question_key: str,
    given: Given,
    comment: str,
    message_ids: Sequence[int],
    *,
    base: int,
    by: Actor,
    now: datetime,
) -> Answer:
    """Keep an answer as it stands in the browser; `base` is the save it was made from, so that tabs do not undo each other."""
    question = review.version.asks().question(question_key)
    if question is None or (given.na and not question.na):
        raise Invalid(_("There is no such answer on this card"))
    if given.value is not None and (given.na or not question.takes(given.value)):
        raise Invalid(_("There is no such answer on this card"))
    with one_change():
        _lock_open(review, by)
        answer, _new = Answer.objects.select_for_update().get_or_create(review=review, question=question_key)
        if answer.saved != base:
            raise Conflict(_("This answer was changed in another tab. It is shown here now"), code="answer_changed")
        answer.value, answer.is_na = given.value, given.na
        answer.comment, answer.saved = clean(comment, WORDS), base + 1
        answer.save()
        answer.messages.set(_messages_of(review, message_ids))
    return answer


def save_comment(review: Review, comment: str, *, base: int, by: Actor, now: datetime) -> Review:
    """Keep what is said about the whole contact."""
    with one_change():
        _lock_open(review, by)
        kept = Review.objects.filter(pk=review.pk, comment_saved=base)
        if not kept.update(comment=clean(comment, WORDS), comment_saved=base + 1):
            raise Conflict(_("This answer was changed in another tab. It is shown here now"), code="answer_changed")
    review.refresh_from_db()
    return review


def given_answers(review: Review) -> dict[str, Given]:
    """Return the answers of a review as the rules read them."""
    return {row.question: Given(row.value, row.is_na) for row in review.answers.all()}


def submit_review(review: Review, *, by: Actor, now: datetime) -> Score:
    """Submit a review whose questions are all answered; its score is worked out once, here."""
    with one_change():
        _lock_open(review, by)
        found = score(review.version.asks(), given_answers(review))
        if found.missing:
            text = _("This question is not answered yet")
            raise Invalid(_("Some questions are not answered yet"), fields=dict.fromkeys(found.missing, text))
        review.state, review.submitted_at = "submitted", now
        review.percent, review.result, review.is_failed = found.percent, found.result, bool(found.failed)
        if review.feedback == Feedback.DISPUTED:
            review.feedback = Feedback.SETTLED
        review.save(update_fields=["state", "submitted_at", "percent", "result", "is_failed", "feedback"])
        record(_submitted(review, found), by=by, now=now, sample=review.contact.is_sample)
    return found


def reopen_review(review: Review, reason: str, *, by: Actor, now: datetime) -> Review:
    """Open a submitted review again, with a reason; what it came to before stays in the record."""
    reason = clean(reason, WORDS)
    if not reason:
        raise Invalid(_("Say why"), fields={"text": _("Say why")})
    if review.evaluator_id != by.id:
        raise NotAllowed(_("Only who scored it can look at it again"))
    if review.calibration is not None and review.calibration.state != "scoring":
        raise Conflict(_("These answers have been compared already"))
    before = _plain(review.result)
    with one_change():
        if not Review.objects.filter(pk=review.pk, state="submitted").update(state="open"):
            raise Conflict(_("This review is open already"))
        Remark.objects.create(review=review, kind="reopened", author_id=by.id, text=reason, at=now)
        event = ReviewReopened(
            review_id=review.pk, contact_id=review.contact_id, person_id=review.about_id, result_before=before
        )
        record(event, by=by, now=now, sample=review.contact.is_sample)
    review.refresh_from_db()
    return review


def share_review(review: Review, *, by: Actor, now: datetime) -> Review:
    """Let the agent see a review of their work."""
    if not review.counts:
        raise Invalid(_("This review only compares how we score; it is not shared"))
    with one_change():
        ready = Review.objects.filter(pk=review.pk, state="submitted", shared_at=None)
        if not ready.update(shared_at=now):
            raise Conflict(_("This review is not ready to be shared, or has been shared already"))
        event = ReviewShared(review_id=review.pk, contact_id=review.contact_id, person_id=review.about_id)
        record(event, by=by, now=now, sample=review.contact.is_sample)
    review.refresh_from_db()
    return review


def _lock_open(review: Review, by: Actor) -> None:
    """Hold the review's row, and refuse unless it is open and this evaluator's."""
    standing = Review.objects.select_for_update(of=("self",)).select_related("calibration").get(pk=review.pk)
    if standing.evaluator_id != by.id or by.kind != "person":
        raise NotAllowed(_("Somebody else scores this contact"))
    if standing.state != "open":
        raise Conflict(_("This review has been submitted"), code="review_submitted")
    if standing.calibration is not None and standing.calibration.state != "scoring":
        raise Conflict(_("These answers have been compared already"))


def _messages_of(review: Review, ids: Sequence[int]) -> list[int]:
    """Return which of some messages belong to the contact: an answer points nowhere else."""
    found = Message.objects.filter(contact=review.contact_id, id__in=list(ids)[:MOST_POINTED])
    return list(found.values_list("id", flat=True))


def _submitted(review: Review, found: Score) -> ReviewSubmitted:
    return ReviewSubmitted(
        review_id=review.pk,
        contact_id=review.contact_id,
        person_id=review.about_id,
        version_id=review.version_id,
        calibration_id=review.calibration_id,
        is_check=review.is_check,
        percent=_plain(found.percent),
        result=_plain(found.result),
        failed=found.failed,
    )


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
