"""Traps in how other routers work, each as a test of ours; the names are those of whose manual or tracker tells of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heartline.routing.rules import Match, Server, Work, decide, in_order, rank, why_waiting
from heartline.routing.rules.plan import People, Plan, QueuePlan, Step
from heartline.routing.rules.steps import step_of, steps_ahead
from heartline.routing.tests.random_plans import Day, days, plans
from heartline.routing.tests.strategies import NOW, works
from tests.cast import NOON

CHAT = Work(id=1, queue_id=1, channel="webchat", asked_at=NOON)
AGENT = Server(id=1, name="A", available=True, queues=frozenset({1}), limits={"webchat": 3})
OUTSIDER = replace(AGENT, id=2, name="B", queues=frozenset({2}))
YEAR = 365 * 86_400


def after(seconds: float) -> timedelta:
    return timedelta(seconds=seconds)


def way(*steps: Step, **fields: object) -> Plan:
    """Return a plan in which queue 1 goes through some steps."""
    return Plan(queues={1: QueuePlan(steps=steps or (Step(),), **fields)})  # type: ignore[arg-type]  # any field


def who(matches: list[Match]) -> list[int]:
    return [match.person_id for match in matches]


def test_steps_end_by_the_age_of_the_contact_taskrouter() -> None:
    """Ten, ten and ten seconds end at ten, twenty and thirty; a transfer to another queue begins nothing anew."""
    plan = way(Step(until=10), Step(until=20), Step(until=30), Step())
    assert [step_of(CHAT, plan, NOON + after(age)).until for age in (9.9, 10, 19.9, 29.9, 30)] == [10, 20, 20, 30, None]
    moved = replace(CHAT, queue_id=2)
    plan = replace(plan, queues={2: plan.queues[1]})
    assert step_of(moved, plan, NOON + after(25)).until == 30
    assert [begins for begins, _step in steps_ahead(moved, plan, NOON + after(4))] == [6, 16, 26]


def test_nothing_is_cancelled_after_its_last_step_taskrouter() -> None:
    """A task that passes its last step is cancelled there. Here it is offered after a month as on the first day."""
    plan = way(Step(until=10), Step(until=20), Step())
    now = NOON + timedelta(days=30)
    assert why_waiting(CHAT, [], now, plan) == (("nobody_here", {}),)
    assert who(decide([CHAT], [AGENT], now, plan)) == [1]


def test_priority_never_starves_taskrouter() -> None:
    """A higher priority goes first there whatever the age. Here newcomers of the best tier end up behind."""
    old = replace(CHAT, tier="small", asked_at=NOON - after(181))
    newcomers = [replace(CHAT, id=number, tier="top") for number in range(2, 50)]
    assert in_order([*newcomers, old], NOON)[0] == old


def test_the_best_of_hundreds_is_found_genesys() -> None:
    """Only the hundred who have been idle longest are looked at there, and the best may be the hundred and first."""
    crowd = [replace(AGENT, id=id, skills={"tax": 3}, last_offered_at=NOON - after(1000 - id)) for id in range(1, 500)]
    best = replace(AGENT, id=900, skills={"tax": 5}, last_offered_at=NOON)
    plan = way(choose="most_proficient")
    assert who(decide([replace(CHAT, skills=(("tax", 2),))], [*crowd, best], NOON, plan)) == [900]


def test_a_wider_step_keeps_to_its_own_people_first_genesys() -> None:
    """Once an outer ring is open, its better agents beat the inner ones there."""
    mine = replace(AGENT, skills={"tax": 2})
    better = replace(OUTSIDER, skills={"tax": 5})
    plan = way(Step(until=10), Step(anywhere=True), choose="most_proficient")
    work = replace(CHAT, skills=(("tax", 1),))
    assert who(decide([work], [mine, better], NOON + after(11), plan)) == [1]
    full = replace(mine, held={"webchat": 3})
    assert who(decide([work], [full, better], NOON + after(11), plan)) == [2]
    assert who(decide([work], [full, better], NOON + after(9), plan)) == []


def test_who_is_owned_by_somebody_who_is_gone_is_not_dropped_genesys() -> None:
    """A callback whose owner is not there when ownership ends is removed there."""
    plan = way(Step(until=3600, keep_for="owner"), Step())
    owned = replace(CHAT, owner=7)
    owner = replace(AGENT, id=7, held={"webchat": 3})
    assert who(decide([owned], [AGENT, owner], NOON, plan)) == []  # busy: kept
    assert why_waiting(owned, [AGENT, owner], NOON, plan) == (("waits_for_person", {"name": "A", "seconds": 3600}),)
    assert who(decide([owned], [AGENT, replace(owner, available=False)], NOON, plan)) == [
        1
    ]  # on a break: not waited for
    assert who(decide([owned], [AGENT], NOON, plan)) == [1]
    assert who(decide([owned], [AGENT, owner], NOON + after(3600), plan)) == [1]


def test_a_raise_outlives_steps_and_queues_asterisk_1901() -> None:
    raised = replace(CHAT, manual_seconds=300)
    plan = way(Step(until=10), Step(until=20), Step())
    for age in (0, 15, 25):
        for work in (raised, replace(raised, queue_id=2)):
            told = dict(rank(work, NOON + after(age), plan).reasons())
            assert told["manual"]["seconds"] == 300


def test_two_queues_that_share_people_never_stall_asterisk_1691() -> None:
    shared = [replace(AGENT, id=id, queues=frozenset({1, 2})) for id in (1, 2)]
    works = [replace(CHAT, id=id, queue_id=id, asked_at=NOON - after(60)) for id in (1, 2)]
    assert len(decide(works, shared, NOON)) == 2
    assert len(decide(works, shared[:1], NOON)) == 1


def test_whoever_has_no_limit_set_takes_nothing_chatwoot() -> None:
    """No policy means no limit there, and one agent gets everything."""
    assert decide([CHAT], [replace(AGENT, limits={})], NOON) == []


def test_the_least_loaded_is_who_has_the_most_room_intercom() -> None:
    """Fewest open contacts there: who takes two at once is full before who takes ten has begun."""
    part_time = replace(AGENT, id=1, limits={"webchat": 2}, held={"webchat": 1})
    full_time = replace(AGENT, id=2, limits={"webchat": 10}, held={"webchat": 2})
    assert who(decide([CHAT], [part_time, full_time], NOON, way(choose="least_loaded"))) == [2]


@pytest.mark.parametrize(("in_hand", "expected"), [("webform", [1]), ("webchat", [])])
def test_a_call_may_interrupt_a_message_but_not_another_conversation_genesys(in_hand: str, expected: list[int]) -> None:
    plan = Plan(people=People(load=2, weights={"callback": 2}, interrupts=frozenset({("webform", "callback")})))
    busy = replace(AGENT, limits={"webchat": 2, "webform": 2, "callback": 1}, held={in_hand: 2})
    call = replace(CHAT, channel="callback", due_at=NOON)
    assert who(decide([call], [busy], NOON, plan)) == expected


def test_who_carries_twice_as_much_is_asked_twice_as_often() -> None:
    people = {id: replace(AGENT, id=id, limits={"webchat": 2 if id % 2 else 4}) for id in range(20)}
    plan = Plan(people=People(turns_by_load=True))
    got: Counter[int] = Counter()
    for number in range(900):
        now = NOON + after(number)
        (person,) = who(decide([replace(CHAT, id=number + 1, asked_at=now)], people.values(), now, plan))
        people[person] = replace(people[person], last_offered_at=now)
        got[person % 2] += 1
    assert 1.8 < got[0] / got[1] < 2.2


def test_a_reserve_holds_for_a_while_and_never_for_ever() -> None:
    plan = Plan(queues={2: QueuePlan(reserved=1, reserved_for=300)})
    both = [replace(AGENT, id=id, queues=frozenset({1, 2})) for id in (1, 2)]
    works = [replace(CHAT, id=id) for id in (1, 2)]
    assert len(decide(works, both, NOON + after(10), plan)) == 1
    ((code, _params),) = why_waiting(works[1], both[:1], NOON + after(10), plan)
    assert code == "kept_free"
    assert len(decide(works, both, NOON + after(300), plan)) == 2
    assert len(decide([replace(CHAT, queue_id=2)], both[:1], NOON, plan)) == 1  # its own


def test_ties_are_shuffled_by_the_seed_and_always_the_same_way() -> None:
    people = [replace(AGENT, id=id) for id in range(1, 21)]
    firsts = {seed: who(decide([CHAT], people, NOON, Plan(seed=seed)))[0] for seed in range(12)}
    assert firsts[0] == 1
    assert len(set(firsts.values())) > 4
    assert firsts == {seed: who(decide([CHAT], reversed(people), NOON, Plan(seed=seed)))[0] for seed in range(12)}


@given(days)
def test_no_queue_goes_before_others_by_its_own_rules_genesys(day: Day) -> None:
    """Queues that rank by priority alone are served first there when mixed with others. Here one currency orders all."""
    plain = replace(day.plan, queues={}, everywhere=QueuePlan(), people=People(), sites={})
    assert in_order(day.works, NOW, day.plan) == in_order(day.works, NOW, plain)


@given(st.lists(st.integers(0, 10 * YEAR), min_size=1, max_size=20))
def test_who_has_gone_longest_without_is_found_however_long_genesys(idle: list[int]) -> None:
    """Only the last seven days are looked at there, and who comes back from leave counts as if never asked."""
    people = [replace(AGENT, id=id, last_offered_at=NOON - after(seconds)) for id, seconds in enumerate(idle, 1)]
    assert who(decide([CHAT], people, NOON)) == [idle.index(max(idle)) + 1]


@given(st.integers(0, 10 * YEAR) | st.none(), st.integers(0, 10 * YEAR))
def test_no_idle_time_makes_a_helper_one_of_the_queue_asterisk_calc_metric(helper: int | None, own: int) -> None:
    """A penalty is a million there and idle seconds are taken off it: after eleven days they reach into the next tier."""
    last = None if helper is None else NOON - after(helper)
    mine, helping = replace(AGENT, last_offered_at=NOON - after(own)), replace(OUTSIDER, last_offered_at=last)
    assert who(decide([CHAT], [helping, mine], NOON, way(Step(anywhere=True)))) == [1]


@given(st.integers(1, 30), st.integers(2, 8))
def test_a_newcomer_is_not_given_everything_asterisk_fewestcalls(before: int, crowd: int) -> None:
    """Who comes at noon has had the fewest calls and gets each one there, until they have caught up with the morning."""
    people = {id: replace(AGENT, id=id, limits={"webchat": 99}) for id in range(1, crowd + 1)}
    _serve(people, before, NOON)
    people[99] = replace(AGENT, id=99, limits={"webchat": 99})
    got = _serve(people, 3 * (crowd + 1), NOON + after(before))
    assert got[99] == 3


def _serve(people: dict[int, Server], contacts: int, start: datetime) -> Counter[int]:
    got: Counter[int] = Counter()
    for number in range(contacts):
        now = start + after(number)
        (person,) = who(decide([replace(CHAT, id=number + 1)], people.values(), now))
        people[person] = replace(people[person], last_offered_at=now)
        got[person] += 1
    return got


@given(works, st.integers(-9000, 9000), st.integers(0, 7 * 3600), plans)
def test_a_raise_moves_the_place_and_nothing_else_connect(work: Work, raised: int, later: int, plan: Plan) -> None:
    """Made artificially older there. Here a raise is told apart: neither the wait that is told nor its step moves."""
    now = NOON + after(later)
    plain, moved = replace(work, manual_seconds=0), replace(work, manual_seconds=raised)
    before, told = rank(plain, now, plan), rank(moved, now, plan)
    assert [part for part in told.parts if part.code != "manual"] == list(before.parts)
    assert 0 <= told.seconds - before.seconds <= plan.order.raised_at_most
    assert step_of(moved, plan, now) == step_of(plain, plan, now)


def test_who_helped_last_time_goes_first_also_when_they_help_out_genesys() -> None:
    """Conditional group routing knows no last agent there."""
    work = replace(CHAT, last_served_by=2)
    lent = frozenset({(1, 2)})
    assert who(decide([work], [AGENT, OUTSIDER], NOON, lent=lent)) == [2]
    assert who(decide([work], [AGENT, OUTSIDER], NOON)) == [1]


@given(works, plans, st.integers(0, 10 * YEAR))
def test_nobody_signed_in_refuses_and_ejects_nobody_asterisk_leavewhenempty(work: Work, plan: Plan, age: int) -> None:
    """Callers are refused or put out there when nobody could take them. Here they wait, with a reason, at their place."""
    now = work.asked_at + after(age)
    assert decide([work], [], now, plan) == []
    assert why_waiting(work, [], now, plan)
    assert dict(rank(work, now, plan).reasons())["waited"]["seconds"] == age
