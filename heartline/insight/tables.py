"""Rows as pages and spreadsheets show them: queues of a day, contacts behind a figure, answers by score."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.insight.catalogue import BY_ID
from heartline.insight.facts import ContactFact
from heartline.insight.measures import Row, measure
from heartline.insight.queries import DayOfWork, View, local_day
from heartline.insight.shown import Line, Shown, full_name, lines_of, outcome_words, shown, worst_first
from heartline.people.queries import QueueCard, Scope, channel_words

# In the order in which the columns of the overview stand.
QUEUE_COLUMNS = (
    "offered",
    "service_level",
    "speed_of_answer",
    "abandonment_rate",
    "first_response",
    "handle_time",
    "satisfied",
)
CASE_PAGE = "desk:case_page"


@dataclass(frozen=True)
class QueueLine:
    """A queue on one of its channels, and its figures of the day."""

    line: Line
    cells: tuple[Shown, ...]


@dataclass(frozen=True)
class Days:
    """The day that is shown, and the ones beside it."""

    day: date
    is_today: bool
    before: date
    after: date | None
    today: date


@dataclass(frozen=True)
class ContactLine:
    """One contact behind a figure, in words."""

    row: Row
    queue: str
    channel: str
    outcome: str
    asked: str
    wait: float | None
    value: float | None
    address: str


@dataclass(frozen=True)
class ScoreLine:
    """How many gave one score, and that as a share of the most frequent one."""

    score: int
    words: str
    count: int
    width: float


def by_queue(work: DayOfWork) -> list[QueueLine]:
    """Return a line for each queue and channel that was asked, in the order of the queues."""
    return [QueueLine(line, _cells(work, line)) for line in lines_of(work)]


@dataclass(frozen=True)
class Behind:
    """A line behind its aim, with the figure that says so."""

    line: Line
    name: str
    shown: Shown


def worst(work: DayOfWork) -> list[Behind]:
    """Return the two lines furthest behind their aims, if any are behind."""
    lines = lines_of(work)
    behind = worst_first(line for line in lines if line.verdict == "behind")[:2]
    views = (View(work.view.day, line.card.id, line.channel) for line in behind)
    return [
        Behind(line, full_name(line, lines), shown(line.level, view)) for line, view in zip(behind, views, strict=True)
    ]


def _cells(work: DayOfWork, line: Line) -> tuple[Shown, ...]:
    facts = work.of(queue_id=line.card.id, channel=line.channel)
    view = View(work.view.day, line.card.id, line.channel)
    return tuple(shown(measure(BY_ID[id], facts), view) for id in QUEUE_COLUMNS)


def scores(facts: Iterable[ContactFact]) -> list[ScoreLine]:
    """Return how many customers chose each answer, the best first."""
    counts = Counter(fact.score for fact in facts if fact.score is not None)
    words = {
        5: _("Very satisfied"),
        4: _("Satisfied"),
        3: _("Neither"),
        2: _("Dissatisfied"),
        1: _("Very dissatisfied"),
    }
    most = max(counts.values(), default=1)
    return [ScoreLine(score, words[score], counts[score], round(counts[score] / most * 100, 1)) for score in words]


def days_around(view: View, queues: Iterable[QueueCard], now: datetime) -> Days:
    """Return the day of a view with its neighbours; none comes after today."""
    today = local_day(queues, now) or now.astimezone(ZoneInfo("UTC")).date()
    day = view.day or today
    if day > today + timedelta(days=1):
        raise NotFound(_("That day has not come yet"))
    after = day + timedelta(days=1) if day < today else None
    return Days(day, day == today, day - timedelta(days=1), after, today)


def queue_choices(work: DayOfWork) -> list[tuple[int, str]]:
    """Return the queues a reader may choose from, by name in their language."""
    return [(card.id, card.name_in(get_language() or "en")) for card in work.queues.values()]


def narrowed(found: list[Row], show: str) -> list[Row]:
    """Return only the rows that count, or only those that do not, when that is asked for."""
    if show == "counted":
        return [row for row in found if row.counts]
    return [row for row in found if not row.counts] if show == "rest" else found


def line(row: Row, work: DayOfWork, scope: Scope) -> ContactLine:
    """Return one contact in words, with the way to its case if the reader may see that."""
    fact = row.fact
    may_open = scope.may("desk.use") and scope.sees_queue(fact.queue_now_id)
    return ContactLine(
        row=row,
        queue=work.queues[fact.queue_id].name_in(get_language() or "en"),
        channel=channel_words().get(fact.channel, fact.channel),
        outcome=outcome_words()[fact.outcome],
        asked=_local(fact, work),
        wait=_seconds(fact.left_after_ms if fact.wait_ms is None else fact.wait_ms),
        value=_seconds(row.value),
        address=reverse(CASE_PAGE, args=[fact.case_id]) if may_open else "",
    )


def csv_heads() -> list[str]:
    """Return the heads of the columns of a spreadsheet."""
    return [
        _("Contact"),
        _("Case"),
        _("Asked"),
        _("Queue"),
        _("Channel"),
        _("Language"),
        _("How it ended"),
        _("Wait (seconds)"),
        _("Limit (seconds)"),
        _("Left after (seconds)"),
        _("First reply (seconds)"),
        _("Handle time (seconds)"),
        _("Transfers"),
        _("Score"),
        _("Counts"),
    ]


def csv_cells(row: Row, work: DayOfWork) -> list[str | float | None]:
    """Return one contact as the cells of a spreadsheet."""
    fact = row.fact
    return [
        fact.contact_id,
        fact.case_id,
        _local(fact, work),
        work.queues[fact.queue_id].name_in(get_language() or "en"),
        channel_words().get(fact.channel, fact.channel),
        fact.language,
        outcome_words()[fact.outcome],
        _seconds(fact.wait_ms),
        _seconds(fact.limit_ms),
        _seconds(fact.left_after_ms),
        _seconds(fact.response_ms),
        _seconds(fact.handle_ms),
        fact.transfers + fact.moves,
        fact.score,
        int(row.counts),
    ]


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000


def _local(fact: ContactFact, work: DayOfWork) -> str:
    here = fact.asked_at.astimezone(ZoneInfo(work.queues[fact.queue_id].time_zone))
    return f"{here:%Y-%m-%d %H:%M:%S}"
