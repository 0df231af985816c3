"""Calibrations, for programs: several score one contact apart, lay the answers side by side, and agree."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.filled import checked
from heartline.common.paging import page_of
from heartline.common.schemas import Id, Page, PageAsked, Sent
from heartline.improvement.quality.actions import calibrations as actions
from heartline.improvement.quality.api.reviews import AnswerShown, Words, answer_shown
from heartline.improvement.quality.api.scoring import QuestionKey
from heartline.improvement.quality.forms import CalibrationForm
from heartline.improvement.quality.models import Calibration
from heartline.improvement.quality.queries.reviews import calibration_for, calibrations_for
from heartline.improvement.quality.rules.scoring import Given
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

router = Router(tags=["Quality: calibration"])

CALLED = {"contact": "contact_id", "version": "version_id", "evaluators": "evaluator_ids"}


class CalibrationSent(Sent):
    """A contact that has ended, a published version, and at least two who had no hand in the contact."""

    contact_id: Id
    version_id: Id
    evaluator_ids: Annotated[list[Id], Field(min_length=2, max_length=50)]


class CalibratedReview(BaseModel):
    """One evaluator's part. Its answers are told once the answers are laid side by side."""

    id: int
    evaluator_id: int | None
    state: str
    answers: list[AnswerShown]


class AgreedShown(BaseModel):
    """What was agreed a question's answer is, and why."""

    question: str
    value: int | None
    na: bool
    reason: str
    by_id: int | None
    at: datetime


class CalibrationShown(BaseModel):
    """A calibration and where it stands."""

    id: int
    contact_id: int
    version_id: int
    state: str
    opened_by_id: int | None
    opened_at: datetime
    closed_at: datetime | None
    reviews: list[CalibratedReview]
    agreed: list[AgreedShown]


class CalibrationsAsked(PageAsked):
    """Which calibrations are wanted."""

    state: Literal["scoring", "talking", "closed"] | None = None


class AgreeSent(Sent):
    """The answer that was agreed, and why."""

    value: Annotated[int, Field(ge=0, le=10)] | None = None
    na: bool = False
    reason: Words


@router.get("/quality/calibrations", response=Page[CalibrationShown])
def list_calibrations(request: StaffRequest, asked: Query[CalibrationsAsked]) -> Page[CalibrationShown]:
    """Return the calibrations the caller has a part in, newest first."""
    rows = _whole(calibrations_for(request.scope))
    rows = rows.filter(state=asked.state) if asked.state else rows
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[_shown(row) for row in found], next=following)


@router.post("/quality/calibrations", response={201: CalibrationShown})
def open_calibration(request: StaffRequest, sent: CalibrationSent) -> CalibrationShown:
    """Ask several to score a contact, each apart."""
    given = {"contact": sent.contact_id, "version": sent.version_id, "evaluators": sent.evaluator_ids}
    typed = checked(CalibrationForm(request.scope, given), CALLED)
    chosen, by = list(typed["evaluators"]), actor_for(request.user)
    made = actions.open_calibration(request.scope, typed["contact"], typed["version"], chosen, by=by, now=clock.now())
    return _again(request, made.pk)


@router.get("/quality/calibrations/{calibration_id}", response=CalibrationShown)
def read_calibration(request: StaffRequest, calibration_id: Id) -> CalibrationShown:
    """Return one calibration."""
    return _again(request, calibration_id)


@router.post("/quality/calibrations/{calibration_id}/compare", response=CalibrationShown)
def compare_calibration(request: StaffRequest, calibration_id: Id) -> CalibrationShown:
    """Lay the answers side by side; nobody scores any more."""
    found = calibration_for(request.scope, calibration_id)
    actions.compare(found, by=actor_for(request.user), now=clock.now())
    return _again(request, calibration_id)


@router.post("/quality/calibrations/{calibration_id}/close", response=CalibrationShown)
def close_calibration(request: StaffRequest, calibration_id: Id) -> CalibrationShown:
    """Close a calibration; what was agreed stays."""
    found = calibration_for(request.scope, calibration_id)
    actions.close(found, by=actor_for(request.user), now=clock.now())
    return _again(request, calibration_id)


@router.put("/quality/calibrations/{calibration_id}/agreed/{question}", response=CalibrationShown)
def agree_on_answer(
    request: StaffRequest, calibration_id: Id, question: QuestionKey, sent: AgreeSent
) -> CalibrationShown:
    """Keep what was agreed for a question, and why; a better agreement replaces it."""
    found, given = calibration_for(request.scope, calibration_id), Given(sent.value, sent.na)
    actions.agree_on(found, question, given, sent.reason, by=actor_for(request.user), now=clock.now())
    return _again(request, calibration_id)


def _again(request: StaffRequest, calibration_id: int) -> CalibrationShown:
    calibration_for(request.scope, calibration_id)
    return _shown(_whole(calibrations_for(request.scope)).get(pk=calibration_id))


def _whole(rows: Any) -> Any:
    return rows.prefetch_related("reviews__answers__messages", "agreed")


def _shown(row: Calibration) -> CalibrationShown:
    names = CalibrationShown.model_fields.keys() - {"reviews", "agreed"}
    compared = row.state != "scoring"
    reviews = sorted(row.reviews.all(), key=lambda one: one.pk)
    return CalibrationShown(
        **{name: getattr(row, name) for name in names},
        reviews=[
            CalibratedReview(
                id=one.pk,
                evaluator_id=one.evaluator_id,
                state=one.state,
                answers=[answer_shown(kept) for kept in one.answers.all()] if compared and one.state != "open" else [],
            )
            for one in reviews
        ],
        agreed=[_agreed(one) for one in row.agreed.all()],
    )


def _agreed(row: Any) -> AgreedShown:
    names = AgreedShown.model_fields.keys() - {"na"}
    return AgreedShown(**{name: getattr(row, name) for name in names}, na=row.is_na)
