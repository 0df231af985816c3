"""The hall decides as somebody would who looks at everybody for everything, whatever came and went before."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from heartline.routing.rules import (
    OFFER_CODES,
    ORDER_CODES,
    WHY_CODES,
    Match,
    Plan,
    Server,
    Work,
    decide,
    in_order,
    rank,
    why_waiting,
)
from heartline.routing.rules.hall import Hall
from heartline.routing.tests.plainly import decide_plainly
from heartline.routing.tests.random_plans import Day, days, make_day, plans, richer_server, richer_work
from heartline.routing.tests.strategies import NOW, works


def _pairs(matches: list[Match]) -> list[tuple[int, int]]:
    return [(match.work_id, match.person_id) for match in matches]


@settings(max_examples=300)
@given(days)
def test_the_hall_finds_whom_looking_at_everybody_finds(day: Day) -> None:
    matches = decide(day.works, day.servers, NOW, day.plan, day.lent)
    assert _pairs(matches) == decide_plainly(day.works, day.servers, NOW, day.plan, day.lent)
    assert {code for match in matches for code, _ in match.reasons} <= OFFER_CODES | ORDER_CODES


@given(days)
def test_the_order_in_which_they_came_does_not_matter(day: Day) -> None:
    rng = random.Random(day.seed)
    works, servers = rng.sample(day.works, len(day.works)), rng.sample(day.servers, len(day.servers))
    assert decide(works, servers, NOW, day.plan, day.lent) == decide(day.works, day.servers, NOW, day.plan, day.lent)


@settings(max_examples=150)
@given(st.integers(0, 2**32), st.integers(5, 40))
def test_a_hall_that_stood_all_day_decides_like_one_that_was_just_filled(seed: int, moves: int) -> None:
    """People and work come, go, change and wait; at each moment the hall decides as if it were new."""
    day = make_day(seed, 8, 6)
    floor = _Floor(day)
    for _ in range(moves):
        floor.move()
        floor.decide()


@given(st.integers(0, 2**32))
def test_two_runs_with_the_same_events_decide_the_same(seed: int) -> None:
    def run() -> list[list[Match]]:
        floor = _Floor(make_day(seed, 8, 6))
        told = []
        for _ in range(10):
            floor.move()
            told.append(floor.decide())
        return told

    assert run() == run()


@given(plans, works, works, st.integers(0, 30 * 86_400), st.integers(0, 86_400))
def test_under_any_plan_anything_passes_anything_after_a_bounded_time(
    plan: Plan, older: Work, newer: Work, gap: int, moment: int
) -> None:
    ahead = timedelta(seconds=plan.order.most_ahead + 1 + gap)
    newer = replace(newer, id=2, asked_at=older.asked_at + ahead)
    now = newer.asked_at + timedelta(seconds=moment)
    assert [work.id for work in in_order([newer, older], now, plan)] == [1, 2]


@given(days)
def test_the_order_is_that_of_the_seconds_which_are_told(day: Day) -> None:
    told = [rank(work, NOW, day.plan).seconds for work in in_order(day.works, NOW, day.plan)]
    assert all(first >= second - 1e-6 for first, second in pairwise(told))


@settings(max_examples=200)
@given(days)
def test_what_is_said_about_a_wait_is_what_would_happen(day: Day) -> None:
    for work in day.works[:3]:
        codes = {code for code, _ in why_waiting(work, day.servers, NOW, day.plan, day.lent)}
        assert codes
        assert codes <= WHY_CODES
        would_match = bool(decide([work], day.servers, NOW, day.plan, day.lent))
        if "waits_for_person" not in codes:
            assert (codes == {"soon"}) == would_match


class _Floor:
    """A hall, and beside it what is in it, so that another can be filled afresh at any moment."""

    def __init__(self, day: Day) -> None:
        self.rng = random.Random(day.seed)
        self.day, self.now = day, NOW
        self.hall = Hall(day.plan, day.lent)
        self.works = {work.id: work for work in day.works}
        self.servers = {server.id: server for server in day.servers}
        for server in day.servers:
            self.hall.put_person(server, self.now)
        for work in day.works:
            self.hall.put_work(work, self.now)

    def move(self) -> None:
        """Let something happen, or let time pass."""
        rng = self.rng
        self.now += timedelta(seconds=rng.choice((0, 1, 7, 45, 300)))
        rng.choice((self._work_comes, self._work_goes, self._person_comes, self._person_goes, self._work_changes))()

    def decide(self) -> list[Match]:
        """Decide, compare, and put into both what was decided."""
        matches = self.hall.decide(self.now)
        args = (self.works.values(), self.servers.values(), self.now, self.day.plan, self.day.lent)
        assert _pairs(matches) == _pairs(decide(*args)) == decide_plainly(*args)
        for match in matches:
            server, work = self.servers[match.person_id], self.works[match.work_id]
            self.servers[server.id] = replace(server, pending=server.pending + 1, last_offered_at=self.now)
            self.works[work.id] = replace(work, offered_to=server.name)
        return matches

    def _work_comes(self) -> None:
        self._put(richer_work(self.rng, self.rng.randint(1, 30)))

    def _work_changes(self) -> None:
        """An offer was declined: at its old place again, but not for them."""
        if self.works:
            work = self.works[self.rng.choice(sorted(self.works))]
            until = self.now + timedelta(seconds=120)
            passed = {**work.passed_over, self.rng.randint(1, 12): until}
            self._put(replace(work, offered_to="", passed_over=passed))

    def _work_goes(self) -> None:
        if self.works:
            id = self.rng.choice(sorted(self.works))
            del self.works[id]
            self.hall.drop_work(id)

    def _person_comes(self) -> None:
        server: Server = richer_server(self.rng, self.rng.randint(1, 12))
        at = server.last_offered_at
        known = self.servers.get(server.id)
        server = replace(server, last_offered_at=known.last_offered_at if known else at and min(at, self.now))
        self.servers[server.id] = server
        self.hall.put_person(server, self.now)

    def _person_goes(self) -> None:
        if self.servers:
            id = self.rng.choice(sorted(self.servers))
            del self.servers[id]
            self.hall.drop_person(id, self.now)

    def _put(self, work: Work) -> None:
        self.works[work.id] = work
        self.hall.put_work(work, self.now)
