"""Who may see which review. A review that is not for a reader does not exist for them."""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.improvement.quality.models import Calibration, CoachingNote, Review
from heartline.improvement.quality.queries.samples import agents_of
from heartline.people.models import Person
from heartline.people.queries import Scope
from heartline.voice_of_customer.models import Response

RELATED = ("contact__case", "contact__customer", "contact__queue", "about", "evaluator", "version__card", "calibration")


def work_of(scope: Scope) -> QuerySet[Review]:
    """Return what a person is asked to score, the oldest first."""
    if not scope.may("quality.score"):
        return Review.objects.none()
    waiting = Review.objects.filter(evaluator=scope.person_id, state="open")
    return (
        waiting.exclude(calibration__state__in=["talking", "closed"])
        .select_related(*RELATED)
        .prefetch_related("remarks")
        .order_by("given_at", "id")
    )


def review_to_score(scope: Scope, review_id: int) -> Review:
    """Return a review that is this person's own to score, whatever its state, or raise NotFound."""
    if scope.may("quality.score"):
        mine = Review.objects.filter(pk=review_id, evaluator=scope.person_id)
        found = mine.select_related(*RELATED).first()
        if found is not None:
            return found
    raise NotFound(_("There is no such review, or it is not yours to see"))


def reviews_for(scope: Scope) -> QuerySet[Review]:
    """Return the reviews a person may read: those they gave, and submitted ones of their people's work.

    Whoever still has to score a contact sees nobody else's review of it, and a calibration is read on its own page.
    """
    if not scope.may("quality.score"):
        return Review.objects.none()
    mine = Q(evaluator=scope.person_id)
    if not scope.may("quality.manage"):
        return Review.objects.filter(mine).select_related(*RELATED)
    open_still = Review.objects.filter(contact=OuterRef("contact"), evaluator=scope.person_id, state="open")
    still_mine = open_still.exclude(calibration__state__in=["talking", "closed"])
    theirs = Q(state="submitted", about__in=agents_of(scope), calibration=None) & ~Q(about=scope.person_id)
    blind = Review.objects.annotate(waits=Exists(still_mine))
    return blind.filter(mine | (theirs & Q(waits=False))).select_related(*RELATED)


def review_for(scope: Scope, review_id: int) -> Review:
    """Return one review a person may read, or raise NotFound."""
    found = reviews_for(scope).filter(pk=review_id).first()
    if found is None:
        raise NotFound(_("There is no such review, or it is not yours to see"))
    return found


def coached_from(scope: Scope, review_id: int, about: Person) -> Review | None:
    """Return the review a coaching note is written from, when it is of this person's work and the reader may see it."""
    found = review_for(scope, review_id)
    return found if found.about_id == about.id and found.counts and found.state == "submitted" else None


def open_reviews_of(scope: Scope) -> QuerySet[Review]:
    """Return what is still to be scored of one's people's work, without any answer, for handing it on."""
    return Review.objects.filter(state="open", about__in=agents_of(scope), calibration=None).select_related(*RELATED)


def shared_with(scope: Scope) -> QuerySet[Review]:
    """Return the reviews of one's own work that were shared, newest first."""
    if not scope.may("quality.own"):
        return Review.objects.none()
    mine = Review.objects.filter(about=scope.person_id, shared_at__isnull=False, is_check=False, calibration=None)
    return mine.select_related(*RELATED).order_by("-shared_at", "-id")


def shared_review_for(scope: Scope, review_id: int) -> Review:
    """Return a shared review of one's own work, or raise NotFound."""
    found = shared_with(scope).filter(pk=review_id).first()
    if found is None:
        raise NotFound(_("There is no such review, or it is not yours to see"))
    return found


def other_review_of(scope: Scope, review: Review) -> Review | None:
    """Return the other evaluator's submitted review of the same drawn contact, once one's own is submitted."""
    if review.pick_id is None or review.state != "submitted":
        return None
    others = Review.objects.filter(pick=review.pick_id, state="submitted").exclude(pk=review.pk)
    return others.select_related(*RELATED).first()


def rating_of(review: Review) -> Response | None:
    """Return the customer's own rating of the contact's case; not before the review is submitted."""
    if review.state != "submitted":
        return None
    return Response.objects.filter(case=review.contact.case_id).order_by("-at").first()


def calibrations_for(scope: Scope) -> QuerySet[Calibration]:
    """Return the calibrations a person takes part in, opened, or has people's work in."""
    if not scope.may("quality.score"):
        return Calibration.objects.none()
    near = Q(reviews__evaluator=scope.person_id) | Q(opened_by=scope.person_id)
    if scope.may("quality.manage"):
        near |= Q(contact__assignee__in=agents_of(scope))
    mine = Calibration.objects.filter(near).exclude(contact__assignee=scope.person_id)
    found = Calibration.objects.filter(pk__in=mine.values("pk"))
    return found.select_related("contact__case", "contact__assignee", "version__card", "opened_by")


def calibration_for(scope: Scope, calibration_id: int) -> Calibration:
    """Return one calibration, or raise NotFound."""
    found = calibrations_for(scope).filter(pk=calibration_id).first()
    if found is None:
        raise NotFound(_("There is no such calibration, or it is not yours to see"))
    return found


def notes_for(scope: Scope) -> QuerySet[CoachingNote]:
    """Return coaching notes: those about oneself, those one wrote, and those of one's people."""
    near = Q(about=scope.person_id) if scope.may("quality.own") else Q(pk__in=())
    if scope.may("quality.manage"):
        near |= Q(author=scope.person_id) | Q(about__in=agents_of(scope))
    found = CoachingNote.objects.filter(near).select_related("about", "author", "contact__case", "review")
    return found.order_by(F("done_at").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "-at", "-id")


def note_for(scope: Scope, note_id: int) -> CoachingNote:
    """Return one coaching note, or raise NotFound."""
    found = notes_for(scope).filter(pk=note_id).first()
    if found is None:
        raise NotFound(_("There is no such note, or it is not yours to see"))
    return found
