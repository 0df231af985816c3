"""The rules again, as plainly as they can be written: for each contact look at everybody. The hall must agree."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from heartline.routing.rules import Server, Work, in_order
from heartline.routing.rules.choosing import tie
from heartline.routing.rules.marks import Lent
from heartline.routing.rules.plan import DEFAULT, Plan, QueuePlan, Step
from heartline.routing.rules.ranking import micros
from heartline.routing.rules.steps import person_waited_for, step_of


def decide_plainly(
    works: Iterable[Work],
    servers: Iterable[Server],
    now: datetime,
    plan: Plan = DEFAULT,
    lent: Lent = frozenset(),
) -> list[tuple[int, int]]:
    """Return who should be offered what, as pairs."""
    floor = {server.id: server for server in servers}
    taken: set[int] = set()
    found = []
    for work in in_order(works, now, plan):
        if work.offered_to or work.is_held_back(now):
            continue
        free = [one for one in floor.values() if one.id not in taken]
        chosen = choose_plainly(work, free, floor, now, plan, lent)
        if chosen:
            taken.add(chosen.id)
            found.append((work.id, chosen.id))
    return found


def choose_plainly(
    work: Work,
    free: list[Server],
    floor: dict[int, Server],
    now: datetime,
    plan: Plan = DEFAULT,
    lent: Lent = frozenset(),
) -> Server | None:
    """Return who of those who are free should get work."""
    named = person_waited_for(work, floor, now)
    if named:
        return named if named in free and named.takes(work.channel, plan.people) else None
    way, step = plan.of(work.queue_id), step_of(work, plan, now)
    able = [one for one in free if one.takes(work.channel, plan.people) and _may(one, work, way, step, plan, lent, now)]
    for other, its in plan.queues.items():
        kept = [one for one in free if _is_of(one, other) and one.takes(work.channel, plan.people)]
        if other != work.queue_id and (now - work.asked_at).total_seconds() < its.reserved_for:
            able = [one for one in able if not its.reserved or len(kept) > its.reserved or not _is_of(one, other)]
    able = [one for one in able if not work.passes_over(one.id, now)]
    keeper = floor.get({"last": work.last_served_by, "owner": work.owner}.get(step.keep_for) or 0)
    waits = keeper and keeper.available and keeper.limits.get(work.channel, 0) and not work.passes_over(keeper.id, now)
    if keeper and waits and _could(keeper, work, step, plan, lent, now):
        able = [one for one in able if one.id == keeper.id]
    known = [one for one in able if way.known_first and one.id == work.last_served_by]
    return next(iter(known or _best(able, work, way, step, plan, lent, now)), None)


def _is_of(server: Server, queue: int) -> bool:
    return queue in server.queues


def _may(server: Server, work: Work, way: QueuePlan, step: Step, plan: Plan, lent: Lent, now: datetime) -> bool:
    full = 0 < way.most_per_person <= server.held_of.get(work.queue_id, 0)
    return not full and _could(server, work, step, plan, lent, now)


def _could(server: Server, work: Work, step: Step, plan: Plan, lent: Lent, now: datetime) -> bool:
    """Whether they could with empty hands."""
    helps = any(_is_of(server, lender) for borrower, lender in lent if borrower == work.queue_id)
    serves = _is_of(server, work.queue_id) or helps or step.anywhere
    if step.teams:
        serves = bool(server.teams & set(step.teams))
    serves = serves or (step.experts and server.expert)
    calendar = plan.sites.get(server.site)
    return (
        serves
        and (step.language != "must" or server.speaks(work.language))
        and (step.asked != "must" or all(server.knows(*one) for one in work.skills))
        and all(server.knows(*one) for one in step.skills)
        and (not step.sites or server.site in step.sites)
        and (not step.open_sites_only or calendar is None or calendar.is_open(now))
    )


def _best(
    able: list[Server], work: Work, way: QueuePlan, step: Step, plan: Plan, lent: Lent, now: datetime
) -> list[Server]:
    wider = step.anywhere or step.experts or any(borrower == work.queue_id for borrower, _lender in lent)
    wishes: list[list[Server]] = []
    if wider and not step.teams:
        wishes.append([one for one in able if _is_of(one, work.queue_id)])
    if step.language == "prefer" and work.language:
        wishes.append([one for one in able if work.language in one.languages])
    wanted: dict[str, int] = {}
    for key, level in (*(work.skills if step.asked == "prefer" else ()), *step.wishes):
        wanted[key] = max(level, wanted.get(key, 0))
    wishes += [[one for one in able if one.knows(key, level)] for key, level in wanted.items()]
    asked = {key for key, _ in (*(work.skills if step.asked != "any" else ()), *step.skills, *step.wishes)}
    for length in range(len(wishes), -1, -1):
        left = [one for one in able if all(one in those for those in wishes[:length])]
        if left:
            return sorted(left, key=lambda one: _key(one, way, asked, plan, now))
    return []


def _key(server: Server, way: QueuePlan, asked: set[str], plan: Plan, now: datetime) -> tuple[float, ...]:
    last, place = server.last_offered_at, (tie(plan.seed, server.id), server.id)
    weight = server.strength(plan.people) if plan.people.turns_by_load else 1
    fair = (0, 0) if last is None else (1, -weight * (micros(now) - micros(last)))
    if way.choose == "least_loaded":
        return (server.used(plan.people), -1 if last is None else micros(last), *place)
    if way.choose == "most_proficient":
        return (-sum(server.skills.get(key, 0) for key in asked), *fair, *place)
    return (*fair, *place)
