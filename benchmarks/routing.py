"""How fast the router decides: `python -m benchmarks.routing`.

A hall of 10,000 agents with 64 skills stands; contacts come one by one. Each decision is compared with that of a plain
scan over everybody, which must name the same agent. Then 100,000 contacts wait and agents become free one by one, and
the same is asked of sorting everything that waits. All in one process; nothing is written anywhere.
"""

from __future__ import annotations

import argparse
import gc
import random
import time
import tracemalloc
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from benchmarks.machine import describe, percentile
from heartline.routing.rules import Server, Work, in_order
from heartline.routing.rules.hall import Hall
from heartline.routing.rules.plan import Plan

START = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
SKILLS = tuple(f"skill-{number:02}" for number in range(64))
QUEUES, LANGUAGES = tuple(range(1, 21)), ("en", "zh-hans")
PLAN = Plan()
# How many kinds of contact there are: queue, language, skills and levels taken together.
AGENTS, KINDS, SCANS = 10_000, 2_000, 100


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    median: float
    p99: float
    times: float | None = None


def agents(count: int, idle: float, rng: random.Random) -> list[Server]:
    """Return agents with eight skills each, of whom a share is idle and the others have their hands full."""
    return [
        Server(
            id=id,
            name=f"agent {id}",
            available=True,
            queues=frozenset(rng.sample(QUEUES, 4)),
            languages=frozenset(LANGUAGES if rng.random() < 0.4 else (rng.choice(LANGUAGES),)),
            skills={skill: rng.randint(1, 5) for skill in rng.sample(SKILLS, 8)},
            limits={"webchat": 3, "webform": 3},
            held={"webchat": 3, "webform": 3} if rng.random() >= idle else {"webchat": rng.randint(0, 2)},
            last_offered_at=START - timedelta(seconds=rng.randint(0, 7200), microseconds=rng.randint(0, 999_999)),
        )
        for id in range(1, count + 1)
    ]


def contact(id: int, asked: datetime, rng: random.Random) -> Work:
    """Return a contact that asks for a queue, a language and one or two skills."""
    wanted = rng.sample(SKILLS, rng.choice((1, 1, 2)))
    return Work(
        id=id,
        queue_id=rng.choice(QUEUES),
        channel="webchat",
        asked_at=asked,
        language=rng.choice(LANGUAGES),
        skills=tuple(sorted((skill, rng.randint(1, 3)) for skill in wanted)),
        tier=rng.choice(("top", "big", "medium", "small", "")),
    )


def scan(work: Work, people: list[Server]) -> Server | None:
    """Return who should get a contact, found by looking at everybody."""
    able = [one for one in people if one.can_be_offered(work.channel) and one.fits(work)]
    return min(able, key=lambda one: (one.last_offered_at, one.id), default=None)


def next_for(server: Server, works: list[Work], now: datetime) -> Work | None:
    """Return what somebody who became free should get, found by putting everything that waits in order."""
    return next((work for work in in_order(works, now, PLAN) if server.fits(work)), None)


def filled(people: list[Server]) -> Hall:
    """Return a hall with people in it."""
    hall = Hall(PLAN)
    for server in people:
        hall.put_person(server, START)
    return hall


def arrivals(count: int, idle: float, decisions: int) -> list[Row]:
    """Measure contacts that come one by one: whom the hall names, whom a scan names, and the whole decision."""
    rng = random.Random(count)
    people = {server.id: server for server in agents(count, idle, rng)}
    hall, kinds = filled(list(people.values())), [contact(0, START, rng) for _ in range(KINDS)]
    named, scanned, whole = Spent(), Spent(), Spent()
    for kind in kinds:  # every kind of contact has been there before, as on any day but the first
        hall.choose(kind, START)
    for number in range(1, decisions + 1):
        now = START + timedelta(milliseconds=20 * number)
        work = replace(rng.choice(kinds), id=number, asked_at=now)
        with named:
            found = hall.choose(work, now)
        if number % max(1, decisions // SCANS) == 0:
            with scanned:
                expected = scan(work, list(people.values()))
            assert found == (expected and expected.id), "the hall and the scan name different agents"
        with whole:
            hall.put_work(work, now)
            matches = hall.decide(now)
        assert [match.person_id for match in matches] == ([found] if found else [])
        settle(hall, people, work, found, now)
    share = f"{count:,} agents, {idle:.0%} idle"
    times = scanned.median / named.median
    return [
        Row(f"{share}: who gets it, by a scan", scanned.median, scanned.p99),
        Row(f"{share}: who gets it, by the hall", named.median, named.p99, times),
        Row(f"{share}: the whole decision, with its reasons", whole.median, whole.p99),
    ]


def settle(hall: Hall, people: dict[int, Server], work: Work, person: int | None, now: datetime) -> None:
    """Take the contact out, and let who was asked be free again at the end of the row."""
    hall.drop_work(work.id)
    if person:
        people[person] = replace(people[person], last_offered_at=now)
        hall.put_person(people[person], now)
    hall.decide(now)


def crowded(waiting: int, frees: int) -> list[Row]:
    """Measure agents who become free one by one while many contacts wait for somebody like them."""
    rng = random.Random(waiting)
    people = [replace(one, held={"webchat": 3, "webform": 3}) for one in agents(AGENTS, 0.0, rng)]
    kinds = [contact(0, START, rng) for _ in range(KINDS)]
    works = {
        number: replace(
            rng.choice(kinds), id=number, asked_at=START - timedelta(milliseconds=rng.randint(0, 36 * 10**5))
        )
        for number in range(1, waiting + 1)
    }
    tracemalloc.start()
    hall = filled(people)
    for work in works.values():
        hall.put_work(work, START)
    hall.decide(START)
    memory = tracemalloc.get_traced_memory()[0] / 2**20
    tracemalloc.stop()
    quick, slow = Spent(), Spent()
    for number in range(frees):
        now = START + timedelta(milliseconds=20 * (number + 1))
        server = replace(rng.choice(people), held={"webchat": 2, "webform": 3}, last_offered_at=now)
        expected = None
        if number % max(1, frees // 10) == 0:
            with slow:
                expected = next_for(server, list(works.values()), now)
        with quick:
            hall.put_person(server, now)
            matches = hall.decide(now)
        assert expected is None or [match.work_id for match in matches] == [expected.id]
        for match in matches:
            del works[match.work_id]
        hall.put_person(replace(server, held={"webchat": 3, "webform": 3}), now)
    return [
        Row(f"{waiting:,} wait, an agent becomes free: putting all in order", slow.median, slow.p99),
        Row(f"{waiting:,} wait, an agent becomes free: the hall", quick.median, quick.p99, slow.median / quick.median),
        Row(f"memory of a hall with {AGENTS:,} agents and {waiting:,} who wait: {memory:.0f} MB", 0, 0),
    ]


class Spent:
    """How long something took, each time; the collector of garbage rests meanwhile, as it does in a live process."""

    def __init__(self) -> None:
        self.each: list[float] = []

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.each.append(time.perf_counter() - self._began)

    @property
    def median(self) -> float:
        """The middle one."""
        return percentile(self.each, 0.5)

    @property
    def p99(self) -> float:
        """What one in a hundred takes longer than."""
        return percentile(self.each, 0.99)


def show(rows: list[Row]) -> None:
    """Print rows in microseconds."""
    for row in rows:
        times = f"  {row.times:8.0f} times" if row.times else ""
        figures = f"{row.median * 1e6:12,.1f} {row.p99 * 1e6:12,.1f}" if row.median else ""
        print(f"{row.what:72}{figures}{times}", flush=True)


def main() -> None:
    """Measure what was asked for, or everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--decisions", type=int, default=20_000)
    parser.add_argument("--waiting", type=int, default=100_000)
    parser.add_argument("--only", choices=("arrivals", "growth", "crowded", "day"))
    asked = parser.parse_args()
    print(describe())
    print(f"{'microseconds':72}{'median':>12} {'p99':>12}")
    gc.collect()
    gc.freeze()
    if asked.only in {None, "arrivals"}:
        for idle in (0.2, 0.01):
            show(arrivals(AGENTS, idle, asked.decisions))
    if asked.only in {None, "growth"}:
        for count in (100, 1_000):
            show(arrivals(count, 0.2, asked.decisions // 4))
    if asked.only in {None, "crowded"}:
        show(crowded(asked.waiting, 2_000))
    if asked.only in {None, "day"}:
        from benchmarks.routing_day import compare

        compare()


if __name__ == "__main__":
    main()
