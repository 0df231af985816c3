"""Why a contact still waits: the first thing that is missing, named so that somebody can mend it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from heartline.routing.rules.marks import OPEN, Demand, Lent, Mark, marks_of
from heartline.routing.rules.plan import DEFAULT, Plan
from heartline.routing.rules.situation import Reason, Reasons, Server, Work
from heartline.routing.rules.steps import demand_at, kept_for, seconds_until

WHY_CODES = frozenset(
    {
        "not_due",
        "paused",
        "offered",
        "waits_for_person",
        "nobody_here",
        "no_language",
        "no_skill",
        "no_site",
        "no_combination",
        "all_passed_over",
        "none_available",
        "all_busy",
        "also_unavailable",
        "kept_free",
        "soon",
    }
)
Able = Mapping[int, frozenset[Mark]]
"""What each person would be with empty hands."""


def why_waiting(
    work: Work, servers: Iterable[Server], now: datetime, plan: Plan = DEFAULT, lent: Lent = frozenset()
) -> Reasons:
    """Return why work waits, most telling first. `servers` are the people who are signed in."""
    people = {server.id: server for server in servers}
    if work.is_paused(now):
        return (("paused", {"seconds": seconds_until(work.paused_until, now)}),)
    if work.is_too_early(now):
        return (("not_due", {"seconds": seconds_until(work.due_at, now)}),)
    if work.offered_to:
        return (("offered", {"name": work.offered_to}),)
    demand = demand_at(work, plan, lent, now)
    if kept := kept_for(work, people, demand, plan, now):
        return (("waits_for_person", {"name": kept[0].name, "seconds": kept[1]}),)
    able = {server.id: marks_of(server, plan, now, as_if_free=True) for server in people.values()}
    return tuple(_missing(demand, able)) or _nobody_free(work, people, demand, able, plan, now)


def _missing(demand: Demand, able: Able) -> Iterable[Reason]:
    """Yield what nobody who is signed in has: each on its own, or else the combination."""
    channel: Mark = ("channel", demand.channel)
    serving = [marks for marks in able.values() if channel in marks and not marks.isdisjoint(demand.who)]
    if not serving:
        yield "nobody_here", {}
        return
    alone = list(_missing_alone(demand, serving))
    yield from alone
    if not alone and not any(_could(demand, marks) for marks in serving):
        yield "no_combination", {}


def _missing_alone(demand: Demand, serving: list[frozenset[Mark]]) -> Iterable[Reason]:
    lacking = [mark for mark in demand.all_of if not any(mark in marks for marks in serving)]
    for mark in sorted(lacking, key=lambda mark: mark[0] != "language"):
        if mark[0] == "language":
            yield "no_language", {"language": mark[1]}
        elif mark[0] == "skill":
            yield "no_skill", {"skill": mark[1], "level": mark[2]}
    places = tuple(group for group in demand.any_of if group != demand.who)
    if OPEN in lacking or not any(Demand((), any_of=places).is_met(marks) for marks in serving):
        yield "no_site", {}


def _nobody_free(
    work: Work, people: Mapping[int, Server], demand: Demand, able: Able, plan: Plan, now: datetime
) -> Reasons:
    fitting = [one for one in people.values() if _could(demand, able[one.id])]
    open_to_it = [one for one in fitting if not work.passes_over(one.id, now)]
    if not open_to_it:
        return (("all_passed_over", {}),)
    available = [one for one in open_to_it if one.available]
    if not available:
        return (("none_available", {"count": len(open_to_it)}),)
    free = {one.id for one in available if demand.is_met(marks_of(one, plan, now))}
    if free:
        return (("soon", {}),) if free - _kept_free(people, demand, plan, now) else (("kept_free", {}),)
    away = len(open_to_it) - len(available)
    also: Reasons = (("also_unavailable", {"count": away}),) if away else ()
    return (("all_busy", {"count": len(available)}), *also)


def _kept_free(people: Mapping[int, Server], demand: Demand, plan: Plan, now: datetime) -> set[int]:
    """Return who is kept free for their own queue's work."""
    kept: set[int] = set()
    takes = [one for one in people.values() if one.takes(demand.channel, plan.people)]
    for queue, keep in demand.reserves:
        theirs = {one.id for one in takes if queue in one.queues}
        kept |= theirs if len(theirs) <= keep else set()
    return kept


def _could(demand: Demand, marks: frozenset[Mark]) -> bool:
    """Return whether somebody could with empty hands: a limit that is reached is no lack of theirs."""
    return Demand(demand.all_of, any_of=demand.any_of).is_met(marks)
