"""Where a contact stands on its queue's steps, whom it is kept for, and when either changes next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from math import ceil

from heartline.routing.rules.marks import Demand, Lent, demand_of, marks_of
from heartline.routing.rules.plan import Plan, QueuePlan, Step
from heartline.routing.rules.situation import Server, Work


def age_of(work: Work, now: datetime) -> float:
    """Return how long ago the customer asked, in seconds; nothing that happened since makes them younger."""
    return max(0.0, (now - work.asked_at).total_seconds())


def place_of(way: QueuePlan, age: float) -> int:
    """Return which step holds at an age; the last has no end."""
    for place, step in enumerate(way.steps[:-1]):
        if step.until is not None and age < step.until:
            return place
    return len(way.steps) - 1


def step_of(work: Work, plan: Plan, now: datetime) -> Step:
    """Return the step on which a contact stands."""
    way = plan.of(work.queue_id)
    return way.steps[place_of(way, age_of(work, now))]


def steps_ahead(work: Work, plan: Plan, now: datetime) -> tuple[tuple[int, Step], ...]:
    """Return the steps still to come, and in how many seconds each begins."""
    way, age = plan.of(work.queue_id), age_of(work, now)
    place = place_of(way, age)
    ends = [step.until or 0 for step in way.steps[place:-1]]
    return tuple((max(0, ceil(end - age)), step) for end, step in zip(ends, way.steps[place + 1 :], strict=True))


def person_waited_for(work: Work, people: Mapping[int, Server], now: datetime) -> Server | None:
    """Return the person that somebody chose for this work: signed in, within the time, and not passed over.

    A supervisor's pin goes before what a colleague asked for by name.
    """
    pinned = people.get(work.pinned_to or 0)
    if pinned and work.pinned_until and now < work.pinned_until and not work.passes_over(pinned.id, now):
        return pinned
    if work.preferred is None or work.preferred_until is None or now >= work.preferred_until:
        return None
    named = people.get(work.preferred)
    return None if named is None or work.passes_over(named.id, now) else named


def person_kept_for(
    work: Work, step: Step, demand: Demand, people: Mapping[int, Server], plan: Plan, now: datetime
) -> Server | None:
    """Return the person for whom a step keeps this work: available, able, not passed over. Others are not waited for."""
    wanted = {"last": work.last_served_by, "owner": work.owner}.get(step.keep_for)
    person = people.get(wanted or 0)
    if person is None or not person.available or work.passes_over(person.id, now):
        return None
    return person if demand.is_met(marks_of(person, plan, now, as_if_free=True)) else None


def kept_for(
    work: Work, people: Mapping[int, Server], demand: Demand, plan: Plan, now: datetime
) -> tuple[Server, int] | None:
    """Return for whom work is kept, by somebody's choice or by its step, and for how many seconds yet."""
    named = person_waited_for(work, people, now)
    if named:
        return named, seconds_until(work.pinned_until if named.id == work.pinned_to else work.preferred_until, now)
    kept = person_kept_for(work, step_of(work, plan, now), demand, people, plan, now)
    return (kept, steps_ahead(work, plan, now)[0][0]) if kept else None


def seconds_until(moment: datetime | None, now: datetime) -> int:
    """Return how many whole seconds are left; none without a moment."""
    return max(0, int((moment - now).total_seconds())) if moment else 0


def demand_at(work: Work, plan: Plan, lent: Lent, now: datetime) -> Demand:
    """Return who may take this work by its step, whoever chose somebody for it."""
    way, age = plan.of(work.queue_id), age_of(work, now)
    return demand_of(work, way, way.steps[place_of(way, age)], plan, lent, age)


def next_change(work: Work, plan: Plan, now: datetime) -> datetime | None:
    """Return when time alone changes next who may take this work, or how it counts; None when it never does."""
    return min((moment for moment in _changes(work, plan) if moment > now), default=None)


def _changes(work: Work, plan: Plan) -> Iterator[datetime]:
    yield work.asked_at
    yield from (work.asked_at + timedelta(seconds=age) for age in _ages(work.queue_id, plan))
    if work.due_at:
        yield work.due_at
        yield work.due_at + timedelta(seconds=plan.order.overdue_at_most)
    moments: Iterable[datetime | None] = (
        work.preferred_until,
        work.pinned_until,
        work.paused_until,
        *work.passed_over.values(),
    )
    yield from (moment for moment in moments if moment)


def _ages(queue_id: int, plan: Plan) -> Iterator[int]:
    """Yield the ages at which a contact of a queue comes to another step, or other queues' reserves end for it."""
    yield from (step.until for step in plan.of(queue_id).steps if step.until is not None)
    yield from (way.reserved_for for other, way in plan.queues.items() if way.reserved and other != queue_id)
