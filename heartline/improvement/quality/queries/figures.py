"""What the reviews come to: a person's trend, and how alike evaluators score. Always with n, and an interval."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from heartline.improvement.quality.models import Answer, CardVersion, Review
from heartline.improvement.quality.queries.samples import agents_of
from heartline.improvement.quality.rules.agreement import Kappa, identity, kappa_of_pairs, quadratic
from heartline.improvement.quality.rules.card import SCALE, Question
from heartline.insight.statistics import mean_interval, wilson
from heartline.people.models import Person
from heartline.people.queries import Scope

FEWEST = 5
MONTHS = 6
BANDS = 5
NOT_APPLICABLE = "na"


@dataclass(frozen=True)
class Mean:
    """A mean of scores from 0 to 100; below `FEWEST` only n is told, because so few say more about luck than work."""

    n: int
    failed: int
    value: float | None = None
    low: float | None = None
    high: float | None = None

    @property
    def shares(self) -> dict[str, float]:
        """Value and interval as shares of the scale, for drawing."""
        return {"at": (self.value or 0) / 100, "low": (self.low or 0) / 100, "high": (self.high or 0) / 100}


@dataclass(frozen=True)
class Trend:
    """A person's means by month, the last of them the present one, and whether they changed more than by chance."""

    person: Person
    months: tuple[tuple[datetime, Mean], ...]
    whole: Mean
    change: str


def mean_of(results: Sequence[tuple[float, bool]]) -> Mean:
    """Return the mean of results, each with whether a critical question failed it."""
    values, failed = [value for value, _failed in results], sum(failed for _value, failed in results)
    if len(values) < FEWEST:
        return Mean(len(values), failed)
    low, high = mean_interval(values) or (values[0], values[0])
    return Mean(len(values), failed, fmean(values), max(0.0, low), min(100.0, high))


def trend_of(person: Person, reviews: Iterable[Review], zone: str, now: datetime) -> Trend:
    """Return the trend of a person's shared reviews over the last months, by the month in which the contact ended."""
    tz = ZoneInfo(zone)
    results: dict[datetime, list[tuple[float, bool]]] = {month: [] for month in last_months(now, tz)}
    for review in reviews:
        month = _month(review.contact.ended_at or review.contact.asked_at, tz)
        if month in results and review.result is not None:
            results[month].append((float(review.result), review.is_failed))
    months = tuple((month, mean_of(found)) for month, found in results.items())
    half = MONTHS // 2
    before, after = (
        mean_of([one for month in part for one in results[month]])
        for part in (list(results)[:half], list(results)[half:])
    )
    whole = mean_of([one for found in results.values() for one in found])
    return Trend(person, months, whole, _change(before, after))


def last_months(now: datetime, tz: ZoneInfo) -> list[datetime]:
    """Return the starts of the last months, the present one last."""
    months = [_month(now, tz)]
    while len(months) < MONTHS:
        months.insert(0, _month(months[0] - timedelta(days=1), tz))
    return months


def counted_reviews(people: Iterable[Person], zone: str, now: datetime) -> QuerySet[Review]:
    """Return the reviews that figures are made of: of these months, submitted, counting, and shared with their person."""
    shared = Review.objects.filter(about__in=list(people), state="submitted", shared_at__isnull=False)
    since = last_months(now, ZoneInfo(zone))[0]
    return shared.filter(is_check=False, calibration=None, contact__ended_at__gte=since).select_related("contact")


def team_trends(scope: Scope, team_id: int | None, zone: str, now: datetime) -> list[Trend]:
    """Return the trends of the people one works with, by name: nobody is ranked."""
    people = agents_of(scope).exclude(id=scope.person_id).filter(is_active=True)
    if team_id:
        people = people.filter(teams=team_id)
    listed = list(people)
    by_person: dict[int, list[Review]] = {person.id: [] for person in listed}
    for review in counted_reviews(listed, zone, now):
        by_person[review.about_id].append(review)
    return [trend_of(person, by_person[person.id], zone, now) for person in listed]


@dataclass(frozen=True)
class Alike:
    """How alike two evaluators answered a question, or scored a card: the share that agreed, and kappa."""

    question: Question | None
    kappa: Kappa
    low: float | None
    high: float | None

    @property
    def share(self) -> float | None:
        """The share of pairs that agreed."""
        return self.kappa.agreed / self.kappa.n if self.kappa.n else None


@dataclass(frozen=True)
class Agreement:
    """How alike a card was scored by two people who did not see each other."""

    version: CardVersion
    pairs: int
    whole: Alike
    apart: float | None
    questions: tuple[Alike, ...]


def agreement_for(scope: Scope, version: CardVersion) -> Agreement:
    """Return the agreement on a version of a card, from the double-scored contacts of one's people."""
    both = Review.objects.filter(version=version, state="submitted", calibration=None, about__in=agents_of(scope))
    by_pick: dict[int, dict[bool, Review]] = {}
    # who looked at it again had seen the other's answers, and the customer's: that pair is not blind any more
    seen = both.filter(remarks__kind="reopened").values("pick")
    for review in both.exclude(pick=None).exclude(pick__in=seen).order_by("id"):
        by_pick.setdefault(review.pick_id or 0, {})[review.is_check] = review
    pairs = [(found[False], found[True]) for found in by_pick.values() if len(found) == 2]
    answers = _answers_of(pairs)
    results = [(float(a.result), float(b.result)) for a, b in pairs if a.result is not None and b.result is not None]
    bands = kappa_of_pairs([(_band(a), _band(b)) for a, b in results], range(BANDS), quadratic)
    questions = tuple(_alike(one, answers.get(one.key, [])) for one in version.asks().questions())
    apart = fmean(abs(a - b) for a, b in results) if results else None
    return Agreement(version, len(pairs), _with_interval(None, bands), apart, questions)


def _answers_of(pairs: Sequence[tuple[Review, Review]]) -> dict[str, list[tuple[object, object]]]:
    place = {review.pk: (number, side) for number, pair in enumerate(pairs) for side, review in enumerate(pair)}
    given: dict[str, dict[int, list[object]]] = {}
    for answer in Answer.objects.filter(review__in=list(place)):
        number, side = place[answer.review_id]
        pair = given.setdefault(answer.question, {}).setdefault(number, [None, None])
        pair[side] = NOT_APPLICABLE if answer.is_na else answer.value
    whole = {key: [tuple(pair) for pair in found.values() if None not in pair] for key, found in given.items()}
    return {key: [(a, b) for a, b in found] for key, found in whole.items()}


def _alike(question: Question, pairs: Sequence[tuple[object, object]]) -> Alike:
    """Weigh a scale by distance, over the pairs where both gave a value; a yes-or-no has "does not apply" as a third answer."""
    if question.kind == SCALE:
        valued = [(a, b) for a, b in pairs if NOT_APPLICABLE not in (a, b)]
        return _with_interval(question, kappa_of_pairs(valued, range(question.top + 1), quadratic))
    return _with_interval(question, kappa_of_pairs(pairs, (0, 1, NOT_APPLICABLE), identity))


def _with_interval(question: Question | None, found: Kappa) -> Alike:
    low, high = wilson(found.agreed, found.n) if found.n else (None, None)
    return Alike(question, found, low, high)


def _band(result: float) -> int:
    return min(BANDS - 1, int(result // (100 / BANDS)))


def _change(before: Mean, after: Mean) -> str:
    """Say better or worse only when the two intervals do not touch."""
    if before.value is None or after.value is None or before.high is None or after.high is None:
        return "unknown"
    if (after.low or 0) > before.high:
        return "better"
    return "worse" if after.high < (before.low or 0) else "none"


def _month(moment: datetime, tz: ZoneInfo) -> datetime:
    local = moment.astimezone(tz)
    return datetime(local.year, local.month, 1, tzinfo=tz)
