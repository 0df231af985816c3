"""What the reviews come to, for programs: people's trends, and how alike evaluators score."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from ninja import Query, Router
from pydantic import BaseModel

from heartline.common import clock
from heartline.common.schemas import Asked, Id
from heartline.improvement.quality.queries.figures import (
    Agreement,
    Alike,
    Mean,
    Trend,
    agreement_for,
    counted_reviews,
    team_trends,
    trend_of,
)
from heartline.improvement.quality.queries.samples import usable_versions
from heartline.people.requests import StaffRequest

router = Router(tags=["Quality: figures"])


class MeanShown(BaseModel):
    """A mean of scores from 0 to 100 with its 95 % interval; below five only `n` is told."""

    n: int
    failed: int
    value: float | None
    low: float | None
    high: float | None


class MonthShown(MeanShown):
    """The mean of a month."""

    month: date


class TrendShown(BaseModel):
    """A person's means over six months, and whether they changed more than by chance."""

    person_id: int
    change: str
    whole: MeanShown
    months: list[MonthShown]


class TrendsShown(BaseModel):
    """The trends of the people one works with, by name: nobody is ranked."""

    items: list[TrendShown]


class TrendsAsked(Asked):
    """Of which team; left out, of all one's people."""

    team_id: Id | None = None


class AlikeShown(BaseModel):
    """How alike two evaluators answered a question, or scored a card (`question` null): how many agreed, and kappa.

    `kappa` is null where everybody said the same. `too_few` pairs say more about luck than about agreement.
    """

    question: str | None
    n: int
    agreed: int
    kappa: float | None
    kappa_low: float | None
    kappa_high: float | None
    low: float | None
    high: float | None
    too_few: bool


class AgreementShown(BaseModel):
    """How alike a card was scored by two who did not see each other; `apart` is the mean distance of their results."""

    card_id: int
    version_id: int
    pairs: int
    apart: float | None
    whole: AlikeShown
    questions: list[AlikeShown]


class AgreementsShown(BaseModel):
    """The agreement on every card in use."""

    items: list[AgreementShown]


@router.get("/quality/trends", response=TrendsShown)
def list_quality_trends(request: StaffRequest, asked: Query[TrendsAsked]) -> TrendsShown:
    """Return the trends of the caller's people, from the reviews that were shared with them."""
    zone = timezone.get_current_timezone_name()
    return TrendsShown(items=[_trend(one) for one in team_trends(request.scope, asked.team_id, zone, clock.now())])


@router.get("/quality/mine/trend", response=TrendShown)
def read_own_quality_trend(request: StaffRequest) -> TrendShown:
    """Return the caller's own trend."""
    now, zone = clock.now(), timezone.get_current_timezone_name()
    return _trend(trend_of(request.user, counted_reviews([request.user], zone, now), zone, now))


@router.get("/quality/agreement", response=AgreementsShown)
def list_agreement(request: StaffRequest) -> AgreementsShown:
    """Return how alike evaluators score, for each card in use."""
    versions = usable_versions(request.scope)
    return AgreementsShown(items=[_agreement(agreement_for(request.scope, one)) for one in versions])


def _trend(trend: Trend) -> TrendShown:
    months = [MonthShown(month=start.date(), **_mean(found)) for start, found in trend.months]
    whole = MeanShown(**_mean(trend.whole))
    return TrendShown(person_id=trend.person.id, change=trend.change, whole=whole, months=months)


def _mean(mean: Mean) -> dict[str, Any]:
    return {name: getattr(mean, name) for name in MeanShown.model_fields}


def _agreement(found: Agreement) -> AgreementShown:
    return AgreementShown(
        card_id=found.version.card_id,
        version_id=found.version.pk,
        pairs=found.pairs,
        apart=found.apart,
        whole=_alike(found.whole),
        questions=[_alike(one) for one in found.questions],
    )


def _alike(found: Alike) -> AlikeShown:
    kappa = found.kappa
    return AlikeShown(
        question=found.question.key if found.question else None,
        n=kappa.n,
        agreed=kappa.agreed,
        kappa=kappa.value,
        kappa_low=kappa.low,
        kappa_high=kappa.high,
        low=found.low,
        high=found.high,
        too_few=kappa.too_few,
    )
