"""A day that is played again by the rules loses nobody, asks nobody for too much, and comes out the same each time."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from heartline.routing.rules import Server, Work
from heartline.routing.rules.plan import Borrow, Plan, QueuePlan, Step
from heartline.routing.rules.replay import Arrival, Outcome, Shift, replay
from heartline.routing.tests.random_plans import make_plan, richer_server, richer_work
from heartline.routing.tests.strategies import START

AGENT = Server(id=1, name="A", available=False, queues=frozenset({1}), limits={"webchat": 1})
CHAT = Work(id=1, queue_id=1, channel="webchat", asked_at=START)
HOUR = timedelta(hours=1)


def at(seconds: float, **fields: object) -> Work:
    """Return a chat that asks some seconds into the day."""
    return replace(CHAT, asked_at=START + timedelta(seconds=seconds), **fields)  # type: ignore[arg-type]  # any field


def seen(outcomes: list[Outcome]) -> list[tuple[int, int | None, float]]:
    return [(one.work.id, one.person_id, one.waited) for one in outcomes]


def test_one_agent_serves_one_after_the_other_and_who_has_no_patience_leaves() -> None:
    arrivals = [Arrival(at(0), 60), Arrival(at(10, id=2), 30, 20), Arrival(at(20, id=3), 30)]
    outcomes = replay(arrivals, [Shift(AGENT, START, START + HOUR)])
    assert seen(outcomes) == [(1, 1, 0), (2, None, 20), (3, 1, 40)]
    assert [one.left for one in outcomes] == [False, True, False]


def test_nobody_is_given_anything_after_their_shift_but_they_finish() -> None:
    arrivals = [Arrival(at(0), 7200), Arrival(at(10, id=2), 30)]
    outcomes = replay(arrivals, [Shift(AGENT, START, START + HOUR)])
    assert seen(outcomes) == [(1, 1, 0), (2, None, 0)]


def test_steps_widen_by_age_at_the_second() -> None:
    wider = replace(AGENT, id=2, queues=frozenset({2}))
    plan = Plan(queues={1: QueuePlan(steps=(Step(until=45), Step(anywhere=True)))})
    outcomes = replay([Arrival(at(0), 30)], [Shift(wider, START, START + HOUR)], plan)
    assert seen(outcomes) == [(1, 2, 45)]


def test_help_comes_from_a_queue_that_is_well() -> None:
    lender = replace(AGENT, id=2, queues=frozenset({2}))
    rule = Borrow(lender=2, start=60, stop=10, lender_wait=30, lender_free=1)
    plan = Plan(queues={1: QueuePlan(borrow=(rule,))})
    ((_work, person, waited),) = seen(replay([Arrival(at(0), 30)], [Shift(lender, START, START + HOUR)], plan))
    assert person == 2
    assert 60 <= waited <= 65


def test_a_call_agreed_for_now_does_not_make_its_queue_ill() -> None:
    lender = replace(AGENT, id=2, queues=frozenset({2}))
    call = replace(at(0), id=2, queue_id=2, channel="callback", due_at=START + timedelta(seconds=60))
    rule = Borrow(lender=2, start=60, stop=10, lender_wait=30, lender_free=1)
    plan = Plan(queues={1: QueuePlan(borrow=(rule,))})
    days = replay([Arrival(at(0), 30), Arrival(call, 30)], [Shift(lender, START, START + HOUR)], plan)
    assert [outcome.person_id for outcome in days] == [2, None]


@settings(max_examples=60)
@given(st.integers(0, 2**32))
def test_a_day_loses_nobody_and_comes_out_the_same(seed: int) -> None:
    rng = random.Random(seed)
    plan = make_plan(rng)
    arrivals = [
        Arrival(richer_work(rng, id), rng.randint(1, 900), rng.choice((None, rng.randint(1, 600))))
        for id in range(1, 40)
    ]
    arrivals = [replace(one, work=replace(one.work, offered_to="")) for one in arrivals]
    people = [replace(richer_server(rng, id), available=False, held={}, held_of={}, pending=0) for id in range(1, 9)]
    shifts = [
        Shift(one, START + timedelta(minutes=rng.randint(0, 300)), START + timedelta(minutes=rng.randint(301, 600)))
        for one in people
    ]
    outcomes = replay(arrivals, shifts, plan)
    assert outcomes == replay(arrivals, shifts, plan)
    assert {one.work.id for one in outcomes} == {one.work.id for one in arrivals}
    _check_hands(outcomes, {one.work.id: one.served for one in arrivals}, {one.id: one for one in people})


def _check_hands(outcomes: list[Outcome], served: dict[int, float], people: dict[int, Server]) -> None:
    """Nobody ever has more of a channel in hand than they take at once."""
    moves = []
    for one in outcomes:
        if one.person_id and one.at:
            key = (one.person_id, one.work.channel)
            moves += [(one.at, 1, key), (one.at + timedelta(seconds=served[one.work.id]), -1, key)]
    held: Counter[tuple[int, str]] = Counter()
    for _moment, change, key in sorted(moves):
        held[key] += change
        assert held[key] <= people[key[0]].limits[key[1]]
