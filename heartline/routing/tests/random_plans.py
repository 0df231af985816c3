"""Random plans, and worlds that are rich enough for every rule of a plan to matter."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from datetime import time, timedelta

from hypothesis import strategies as st

from heartline.people.rules import Calendar
from heartline.routing.rules import Server, Work
from heartline.routing.rules.marks import Lent
from heartline.routing.rules.plan import Order, People, Plan, QueuePlan, Step
from heartline.routing.tests.strategies import CHANNELS, NOW, QUEUES, SKILLS, TIERS, make_server, make_work

SITES, TEAMS = (1, 2), (1, 2)


@dataclass(frozen=True)
class Day:
    """A plan, who helps whom, work and people, and the seed of it all."""

    seed: int
    plan: Plan
    lent: Lent
    works: list[Work]
    servers: list[Server]


def make_plan(rng: random.Random) -> Plan:
    return Plan(
        seed=rng.choice((0, 0, rng.randint(1, 99))),
        order=_order(rng),
        people=_people(rng),
        sites={site: _calendar(rng) for site in SITES if rng.random() < 0.5},
        everywhere=_way(rng),
        queues={queue: _way(rng) for queue in QUEUES if rng.random() < 0.5},
    )


def make_day(seed: int, works: int, servers: int) -> Day:
    rng = random.Random(seed)
    lent = frozenset((a, b) for a in QUEUES for b in QUEUES if a != b and rng.random() < 0.1)
    return Day(
        seed,
        make_plan(rng),
        lent,
        [richer_work(rng, id) for id in range(1, works + 1)],
        [richer_server(rng, id) for id in range(1, servers + 1)],
    )


def richer_work(rng: random.Random, id: int) -> Work:
    work = make_work(rng, id)
    return replace(
        work,
        asked_at=rng.choice((work.asked_at, NOW - timedelta(seconds=rng.randint(0, 400)))),
        preferred=work.preferred if rng.random() < 0.3 else None,
        pinned_to=work.pinned_to if rng.random() < 0.3 else None,
        complaint=rng.random() < 0.2,
        broken_promise=rng.random() < 0.2,
        vulnerable=rng.random() < 0.2,
        owner=rng.choice((None, rng.randint(1, 12))),
    )


def richer_server(rng: random.Random, id: int) -> Server:
    server = make_server(rng, id)
    return replace(
        server,
        teams=frozenset(team for team in TEAMS if rng.random() < 0.5),
        site=rng.choice(SITES),
        expert=rng.random() < 0.15,
        held_of={queue: rng.randint(0, 2) for queue in QUEUES},
        pending=server.pending if rng.random() < 0.5 else 0,
    )


def _order(rng: random.Random) -> Order:
    def seconds() -> int:
        return rng.choice((0, 60, rng.randint(0, 7200)))

    return Order(
        live=seconds(),
        tiers={tier: seconds() for tier in TIERS},
        repeat=seconds(),
        repeat_at_most=seconds(),
        handed_over=seconds(),
        complaint=seconds(),
        broken_promise=seconds(),
        vulnerable=seconds(),
        overdue_at_most=seconds(),
        raised_at_most=seconds(),
    )


def _people(rng: random.Random) -> People:
    pairs = [(a, b) for a in CHANNELS for b in CHANNELS if a != b and rng.random() < 0.2]
    return People(
        load=rng.choice((0, 0, rng.randint(3, 8))),
        turns_by_load=rng.random() < 0.4,
        weights={channel: rng.randint(0, 3) for channel in CHANNELS},
        interrupts=frozenset(pairs),
    )


def _way(rng: random.Random) -> QueuePlan:
    ends = sorted(rng.sample((30, 60, 120, 300, 3600), rng.randint(0, 3)))
    return QueuePlan(
        steps=(*(_step(rng, end) for end in ends), replace(_step(rng, None), keep_for="")),
        choose=rng.choice(("longest_without", "least_loaded", "most_proficient")),
        known_first=rng.random() < 0.5,
        most_per_person=rng.choice((0, 0, 1, 2)),
        reserved=rng.choice((0, 0, 1, 2)),
        reserved_for=rng.choice((60, 900)),
    )


def _step(rng: random.Random, until: int | None) -> Step:
    return Step(
        until=until,
        keep_for=rng.choice(("", "", "last", "owner")),
        asked=rng.choice(("must", "prefer", "any")),
        skills=tuple((skill, rng.randint(1, 4)) for skill in SKILLS if rng.random() < 0.15),
        wishes=tuple((skill, rng.randint(1, 5)) for skill in SKILLS if rng.random() < 0.3),
        language=rng.choice(("must", "prefer", "any")),
        anywhere=rng.random() < 0.2,
        teams=tuple(team for team in TEAMS if rng.random() < 0.15),
        sites=tuple(site for site in SITES if rng.random() < 0.15),
        open_sites_only=rng.random() < 0.3,
        experts=rng.random() < 0.3,
    )


def _calendar(rng: random.Random) -> Calendar:
    """Hours around the time of the day that is looked at, with a pause in it."""
    first = rng.randint(9, 15)
    spans = tuple((day, time(hour), time(hour + 1, 30)) for day in range(7) for hour in (first, first + 3))
    return Calendar("Asia/Shanghai", spans)


seeds = st.integers(0, 2**32)
plans = st.builds(lambda seed: make_plan(random.Random(seed)), seeds)
days = st.builds(make_day, seeds, st.integers(0, 40), st.integers(0, 12))
