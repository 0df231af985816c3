"""Why not me: nothing is said to stand between exactly when nothing does, and every reason is a sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given

from heartline.routing.rules import Plan, Server, Work
from heartline.routing.rules.marks import marks_of
from heartline.routing.rules.plan import QueuePlan, Step, Telling
from heartline.routing.rules.steps import demand_at, person_waited_for
from heartline.routing.rules.why_not import WHY_NOT_CODES, what_next, why_not
from heartline.routing.tests.strategies import NOW, World, worlds

WORK = Work(id=1, queue_id=1, channel="webchat", asked_at=NOW, language="en", skills=(("a", 3),))
FREE = Server(
    id=1,
    name="Ann",
    available=True,
    queues=frozenset({1}),
    languages=frozenset({"en"}),
    skills={"a": 3},
    limits={"webchat": 2},
)


@given(worlds)
def test_nothing_stands_between_exactly_when_they_could_be_offered_it_now(world: World) -> None:
    people = {one.id: one for one in world.servers}
    for work in world.works[:8]:
        named = person_waited_for(work, people, NOW)
        for server in world.servers:
            found = why_not(work, server, world.servers, NOW)
            assert {code for code, _values in found} <= WHY_NOT_CODES
            fits = (
                demand_at(work, Plan(), frozenset(), NOW).is_met(marks_of(server, Plan(), NOW))
                if named is None
                else named == server
            )
            able = (
                fits
                and server.can_be_offered(work.channel)
                and (named == server or not work.passes_over(server.id, NOW))
            )
            open_to = not work.offered_to and not work.is_held_back(NOW)
            assert (found == (("your_turn_comes", {}),)) == bool(able and open_to)


def codes(work: Work, server: Server, plan: Plan | None = None) -> list[str]:
    return [code for code, _values in why_not(work, server, [server], NOW, plan or Plan())]


def test_each_lack_has_its_reason() -> None:
    assert codes(WORK, FREE) == ["your_turn_comes"]
    assert codes(WORK, replace(FREE, skills={}, languages=frozenset(), queues=frozenset())) == [
        "not_your_queue",
        "not_your_skill",
        "not_your_language",
    ]
    assert codes(WORK, replace(FREE, limits={})) == ["not_your_channel"]
    assert codes(WORK, replace(FREE, held={"webchat": 2})) == ["hands_full"]
    assert codes(WORK, replace(FREE, available=False)) == ["not_available_now"]
    full = Plan(everywhere=QueuePlan(most_per_person=1))
    assert codes(WORK, replace(FREE, held={"webchat": 1}, held_of={1: 1}), full) == ["queue_full"]


def test_a_step_that_lets_them_in_lets_nothing_stand_between() -> None:
    wider = Plan(
        everywhere=QueuePlan(
            steps=(
                Step(until=60),
                Step(anywhere=True, asked="any", language="any", telling=Telling(offer_callback=True)),
            )
        )
    )
    stranger = Server(id=2, name="Bo", available=True, queues=frozenset({9}), limits={"webchat": 1})
    assert codes(WORK, stranger, wider)[0] == "not_your_queue"
    later = why_not(WORK, stranger, [stranger], NOW + timedelta(seconds=60), wider)
    assert later == (("your_turn_comes", {}),)


def test_what_comes_next_begins_with_what_stands_in_the_way() -> None:
    paused = replace(WORK, paused_until=NOW + timedelta(seconds=90))
    pinned = replace(WORK, pinned_to=1, pinned_until=NOW + timedelta(seconds=30))
    assert what_next(paused, [FREE], NOW)[0] == ("next_pause_ends", {"seconds": 90})
    assert what_next(pinned, [FREE], NOW)[0] == ("next_for_everybody", {"name": "Ann", "seconds": 30})
    assert [code for code, _values in what_next(WORK, [FREE], NOW)] == ["next_goes_to"]
