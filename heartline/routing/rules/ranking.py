"""In what order work is taken: one currency, seconds of waiting, and every second of it explained.

A rank is the time waited plus parts that are each capped. Waiting is never capped and never reset, so work that
has waited `plan.order.most_ahead` seconds longer than other work is ahead of it for ever: nothing waits without end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from heartline.routing.rules.plan import DEFAULT, Order, Plan
from heartline.routing.rules.situation import Reasons, Work

MOST_AHEAD = DEFAULT.order.most_ahead
ORDER_CODES = frozenset(
    {
        "waited",
        "live",
        "tier",
        "repeat",
        "handed_over",
        "complaint",
        "broken_promise",
        "vulnerable",
        "manual",
        "overdue",
    }
)
SECOND = 1_000_000
Merit = tuple[str, float, dict[str, Any]]
_BEGIN = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Part:
    """One reason for a place in the order, worth some seconds of waiting."""

    code: str
    seconds: float
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rank:
    """What a contact counts for in the order: its parts, and their sum in seconds."""

    seconds: float
    parts: tuple[Part, ...]

    def reasons(self) -> Reasons:
        """Return the parts as codes and values, in the order in which they are told."""
        return tuple((part.code, {"seconds": int(part.seconds), **part.params}) for part in self.parts)


def rank(work: Work, now: datetime, plan: Plan = DEFAULT) -> Rank:
    """Return what a piece of work counts for now, with its parts."""
    waited = max(0.0, (now - work.asked_at).total_seconds())
    merits = (*_merits(work, plan.order), _overdue(work, plan.order, now))
    parts = (Part("waited", waited), *(Part(*merit) for merit in merits if merit[1] > 0))
    return Rank(sum(part.seconds for part in parts), parts)


def in_order(works: Iterable[Work], now: datetime, plan: Plan = DEFAULT) -> list[Work]:
    """Return work in the order in which it is taken; ties go to the lower id."""
    return sorted(works, key=lambda work: (-counts(work, now, plan.order), work.id))


def counts(work: Work, now: datetime, order: Order) -> int:
    """Return what work counts for now, in whole microseconds: the same on every machine, in every order of adding."""
    return max(0, micros(now) - micros(work.asked_at)) + earned(work, order) + late(work, now, order)


def earned(work: Work, order: Order) -> int:
    """Return what work counts for besides its wait and its lateness: this does not change while it waits."""
    repeated = min(order.repeat_at_most, max(0, work.contacts_count - 1) * order.repeat)
    return SECOND * (
        (order.live if work.is_live else 0)
        + order.tiers.get(work.tier, 0)
        + repeated
        + (order.handed_over if work.handed_over else 0)
        + (order.complaint if work.complaint else 0)
        + (order.broken_promise if work.broken_promise else 0)
        + (order.vulnerable if work.vulnerable else 0)
        + max(0, min(order.raised_at_most, work.manual_seconds))
    )


def late(work: Work, now: datetime, order: Order) -> int:
    """Return what the lateness of work counts for, up to its most."""
    if work.due_at is None:
        return 0
    return max(0, min(order.overdue_at_most * SECOND, micros(now) - micros(work.due_at)))


def micros(moment: datetime) -> int:
    """Return a moment in whole microseconds."""
    return (moment - _BEGIN) // _MICROSECOND


def moment_of(microseconds: int) -> datetime:
    """Return the moment that `micros` made a number of."""
    return _BEGIN + timedelta(microseconds=microseconds)


def _merits(work: Work, order: Order) -> Iterator[Merit]:
    repeated = min(order.repeat_at_most, max(0, work.contacts_count - 1) * order.repeat)
    yield "live", order.live if work.is_live else 0, {}
    yield "tier", order.tiers.get(work.tier, 0), {"tier": work.tier}
    yield "repeat", repeated, {"count": work.contacts_count}
    yield "handed_over", order.handed_over if work.handed_over else 0, {}
    yield "complaint", order.complaint if work.complaint else 0, {}
    yield "broken_promise", order.broken_promise if work.broken_promise else 0, {}
    yield "vulnerable", order.vulnerable if work.vulnerable else 0, {}
    yield "manual", min(order.raised_at_most, work.manual_seconds), {}


def _overdue(work: Work, order: Order, now: datetime) -> Merit:
    past = (now - work.due_at).total_seconds() if work.due_at else 0.0
    return "overdue", min(order.overdue_at_most, past), {"late": int(past)}
