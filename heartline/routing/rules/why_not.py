"""Why one person does not get one contact: the first things that stand between them, named so that somebody can mend them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from heartline.routing.rules.marks import OPEN, Demand, Lent, Mark, marks_of
from heartline.routing.rules.plan import DEFAULT, Plan
from heartline.routing.rules.situation import OFFERS_AT_ONCE, Reason, Reasons, Server, Work
from heartline.routing.rules.steps import demand_at, kept_for, person_waited_for, seconds_until

WHY_NOT_CODES = frozenset(
    {
        "offered_to_you",
        "offered",
        "paused",
        "not_due",
        "waits_for_person",
        "not_your_queue",
        "not_your_channel",
        "not_your_language",
        "not_your_skill",
        "declined_before",
        "declined_lately",
        "not_available_now",
        "other_offer_open",
        "hands_full",
        "load_full",
        "queue_full",
        "not_your_site",
        "site_closed",
        "your_turn_comes",
        "next_pause_ends",
        "next_time_comes",
        "next_for_everybody",
        "next_if_not_taken",
        "next_goes_to",
    }
)


_PLAIN_LACKS = {str(OPEN[0]): "site_closed", "site": "not_your_site", "channel": "not_your_channel"}


def why_not(
    work: Work,
    server: Server,
    servers: Iterable[Server],
    now: datetime,
    plan: Plan = DEFAULT,
    lent: Lent = frozenset(),
) -> Reasons:
    """Return why work is not offered to a person right now, what can be mended least first; never empty."""
    people = {one.id: one for one in servers}
    demand = demand_at(work, plan, lent, now)
    held = tuple(_held(work, server, people, demand, plan, now))
    if held:
        return held
    if server == person_waited_for(work, people, now):  # whoever chose them asks neither for queue nor for skills
        takes_none: Reasons = () if server.limits.get(work.channel) else (("not_your_channel", {}),)
        return takes_none or tuple(_occupied(work, server, plan)) or (("your_turn_comes", {}),)
    return tuple(_unable(work, server, demand, plan, now)) or (("your_turn_comes", {}),)


def what_next(
    work: Work, servers: Iterable[Server], now: datetime, plan: Plan = DEFAULT, lent: Lent = frozenset()
) -> Reasons:
    """Return what happens to work next as things stand, in the order in which it happens; steps are told by others."""
    people = {one.id: one for one in servers}
    return (*_until_free_of(work, people, demand_at(work, plan, lent, now), plan, now), ("next_goes_to", {}))


def _until_free_of(
    work: Work, people: Mapping[int, Server], demand: Demand, plan: Plan, now: datetime
) -> Iterator[Reason]:
    if work.is_paused(now):
        yield "next_pause_ends", {"seconds": seconds_until(work.paused_until, now)}
    elif work.is_too_early(now):
        yield "next_time_comes", {"seconds": seconds_until(work.due_at, now)}
    if named := kept_for(work, people, demand, plan, now):
        yield "next_for_everybody", {"name": named[0].name, "seconds": named[1]}
    if work.offered_to:
        yield "next_if_not_taken", {"name": work.offered_to}


def _held(
    work: Work, server: Server, people: Mapping[int, Server], demand: Demand, plan: Plan, now: datetime
) -> Iterator[Reason]:
    """Yield why it is offered to nobody else than somebody, or to nobody at all."""
    if work.is_paused(now):
        yield "paused", {"seconds": seconds_until(work.paused_until, now)}
    elif work.is_too_early(now):
        yield "not_due", {"seconds": seconds_until(work.due_at, now)}
    elif work.offered_to:
        yield ("offered_to_you", {}) if work.offered_to_id == server.id else ("offered", {"name": work.offered_to})
    else:
        named = kept_for(work, people, demand, plan, now)
        if named and named[0].id != server.id:
            yield "waits_for_person", {"name": named[0].name, "seconds": named[1]}


def _unable(work: Work, server: Server, demand: Demand, plan: Plan, now: datetime) -> Iterator[Reason]:
    """Yield what speaks against this person, what they are before how they stand now."""
    able = marks_of(server, plan, now, as_if_free=True)
    if able.isdisjoint(demand.who):
        yield "not_your_queue", {}
    for mark in demand.all_of:
        if mark not in able and mark not in demand.who:
            yield _lacking(mark, server)
    if any(able.isdisjoint(group) for group in demand.any_of if group != demand.who):
        yield "not_your_site", {}
    if work.passes_over(server.id, now):
        until = work.passed_over[server.id]
        yield ("declined_lately", {"seconds": seconds_until(until, now)}) if until else ("declined_before", {})
    if not marks_of(server, plan, now).isdisjoint(demand.none_of):
        yield "queue_full", {"limit": plan.of(work.queue_id).most_per_person}
    yield from _occupied(work, server, plan)


def _lacking(mark: Mark, server: Server) -> Reason:
    if mark[0] == "skill":
        return "not_your_skill", {"skill": mark[1], "level": mark[2], "has": server.skills.get(str(mark[1]), 0)}
    if mark[0] == "language":
        return "not_your_language", {"language": mark[1]}
    return _PLAIN_LACKS.get(str(mark[0]), "not_your_channel"), {}


def _occupied(work: Work, server: Server, plan: Plan) -> Iterator[Reason]:
    if not server.available:
        yield "not_available_now", {}
    elif server.pending >= OFFERS_AT_ONCE:
        yield "other_offer_open", {}
    elif server.limits.get(work.channel) and not server.places(work.channel):
        yield "hands_full", {"held": server.held.get(work.channel, 0), "limit": server.limits[work.channel]}
    elif not server.carries(work.channel, plan.people):
        yield "load_full", {"limit": plan.people.load}
