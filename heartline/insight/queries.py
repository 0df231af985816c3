"""Figures for a reader: only of the queues they may see, of the day they ask about."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from heartline.common.errors import Invalid, NotFound
from heartline.insight.catalogue import BY_ID, OF_DAY
from heartline.insight.facts import ContactFact
from heartline.insight.measures import Figure, Metric, measure
from heartline.insight.today import STORE, bounds_of, recompute
from heartline.people.queries import QueueCard, Scope, queue_cards

# Days that time zones can be counted with; nothing of ours lies outside.
FIRST_DAY, LAST_DAY = date(2000, 1, 2), date(2200, 1, 1)


@dataclass(frozen=True)
class View:
    """Which contacts are looked at: those asked on a day (None: today where each queue is), of a queue, of a channel."""

    day: date | None = None
    queue_id: int | None = None
    channel: str = ""

    def address(self) -> dict[str, str]:
        """Return the view as the parameters of an address."""
        parts = {
            "day": self.day.isoformat() if self.day else "",
            "queue": str(self.queue_id or ""),
            "channel": self.channel,
        }
        return {name: value for name, value in parts.items() if value}


@dataclass(frozen=True)
class DayOfWork:
    """The contacts of a view and the queues they came to."""

    view: View
    facts: tuple[ContactFact, ...]
    queues: dict[int, QueueCard]

    def of(self, *, queue_id: int | None = None, channel: str = "") -> list[ContactFact]:
        """Return the contacts of one queue or channel among these."""
        wanted = (fact for fact in self.facts if queue_id in (None, fact.queue_id))
        return [fact for fact in wanted if channel in ("", fact.channel)]


def view_from(parameters: dict[str, str]) -> View:
    """Return the view that an address asks for; refuses what cannot be read."""
    try:
        day = date.fromisoformat(parameters["day"]) if parameters.get("day") else None
        queue_id = int(parameters["queue"]) if parameters.get("queue") else None
    except ValueError as error:
        raise Invalid(_("This day or queue cannot be read")) from error
    if day and not FIRST_DAY <= day <= LAST_DAY:
        raise Invalid(_("This day or queue cannot be read"))
    return View(day, queue_id, parameters.get("channel", "")[:20])


def day_of_work(scope: Scope, view: View, *, now: datetime) -> DayOfWork:
    """Return what happened on the day of a view, as far as the reader may see it."""
    queues = {card.id: card for card in queue_cards(scope)}
    if view.queue_id is not None and view.queue_id not in queues:
        raise NotFound(_("There is no such queue, or it is not yours to see"))
    wanted = [queues[view.queue_id]] if view.queue_id else list(queues.values())
    spans = {card.id: bounds_of(view.day, card.time_zone, now) for card in wanted}
    asked = [fact for fact in _facts_within(spans.values(), view, now) if _holds(spans.get(fact.queue_id), fact)]
    return DayOfWork(view, tuple(fact for fact in asked if view.channel in ("", fact.channel)), queues)


def figures_for(scope: Scope, view: View, *, now: datetime) -> list[Figure]:
    """Return every figure that a day is enough for, in the catalogue's order."""
    facts = day_of_work(scope, view, now=now).facts
    return [measure(metric, facts) for metric in OF_DAY]


def metric_named(id: str) -> Metric:
    """Return a metric of the catalogue, or raise NotFound."""
    if id not in BY_ID:
        raise NotFound(_("There is no such figure"))
    return BY_ID[id]


def metric_of_day(id: str) -> Metric:
    """Return a metric that the contacts of one day are enough for, or raise NotFound."""
    metric = metric_named(id)
    if not metric.is_of_day:
        raise NotFound(_("This figure needs more than one day. Look at it over time"))
    return metric


def local_day(queues: Iterable[QueueCard], now: datetime) -> date | None:
    """Return today's date where the queues are, or None when it is not the same date everywhere."""
    dates = {now.astimezone(ZoneInfo(card.time_zone)).date() for card in queues}
    return dates.pop() if len(dates) == 1 else None


def _facts_within(spans: Iterable[tuple[datetime, datetime]], view: View, now: datetime) -> Iterable[ContactFact]:
    """Today comes from memory; another day is read from the ledger."""
    spans = list(spans)
    if not spans:
        return ()
    if all(start <= now < end for start, end in spans):
        return STORE.facts(now).values()
    return recompute(min(start for start, _end in spans), max(end for _start, end in spans)).values()


def _holds(span: tuple[datetime, datetime] | None, fact: ContactFact) -> bool:
    return span is not None and span[0] <= fact.opened_at < span[1]
