"""The same day through the rules, SimPy and Ciw: one queue, the same arrivals and lengths, first come first served.

All three must come to the same waits; how long each takes is a first figure for the simulator. SimPy and Ciw are
needed for this comparison only, in a folder of their own, since Ciw brings a package named `tests` along:
`pip install --target FOLDER ciw simpy`, then `PYTHONPATH=FOLDER python -m benchmarks.routing_day`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise

from heartline.routing.rules import Server, Work
from heartline.routing.rules.replay import Arrival, Shift, replay

START = datetime(2026, 11, 26, tzinfo=UTC)
PEOPLE, HOURS, MEAN = 60, 10, 240.0
LOAD = 0.95
Calls = list[tuple[float, float]]


def calls(seed: int = 1) -> Calls:
    """Return when each customer comes and how long they are served, in seconds, at random moments of a busy day."""
    rng = random.Random(seed)
    found, at = [], 0.0
    while (at := at + rng.expovariate(LOAD * PEOPLE / MEAN)) < HOURS * 3600:
        found.append((round(at, 3), round(rng.expovariate(1 / MEAN), 3)))
    return found


def by_rules(day: Calls) -> float:
    """Return the mean wait when the router's own rules decide."""
    people = [
        Server(id=id, name=str(id), available=False, queues=frozenset({1}), limits={"webchat": 1})
        for id in range(1, PEOPLE + 1)
    ]
    shifts = [Shift(one, START, START + timedelta(hours=3 * HOURS)) for one in people]
    works = (
        Arrival(Work(id=id, queue_id=1, channel="webchat", asked_at=START + timedelta(seconds=at)), length)
        for id, (at, length) in enumerate(day, start=1)
    )
    outcomes = replay(works, shifts)
    return sum(one.waited for one in outcomes) / len(outcomes)


def by_simpy(day: Calls) -> float:
    """Return the mean wait in a SimPy model."""
    simpy = import_module("simpy")
    env = simpy.Environment()
    desk = simpy.Resource(env, PEOPLE)
    waits: list[float] = []

    def customer(at: float, length: float):  # type: ignore[no-untyped-def]  # a generator as SimPy wants it
        yield env.timeout(at)
        with desk.request() as turn:
            yield turn
            waits.append(env.now - at)
            yield env.timeout(length)

    for at, length in day:
        env.process(customer(at, length))
    env.run()
    return sum(waits) / len(waits)


def by_ciw(day: Calls) -> float:
    """Return the mean wait in a Ciw model."""
    ciw = import_module("ciw")
    gaps = [day[0][0], *(second[0] - first[0] for first, second in pairwise(day)), float("inf")]
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential(gaps)],
        service_distributions=[ciw.dists.Sequential([length for _at, length in day])],
        number_of_servers=[PEOPLE],
    )
    model = ciw.Simulation(network)
    model.simulate_until_max_customers(len(day), method="Finish")
    waits = [float(record.waiting_time) for record in model.get_all_records()]
    return sum(waits) / len(waits)


def compare() -> None:
    """Print what each comes to, and how long it takes."""
    day = calls()
    print(f"\n{len(day):,} customers, {PEOPLE} people, {HOURS} hours")
    for name, needed, run in (("the rules", "", by_rules), ("SimPy", "simpy", by_simpy), ("Ciw", "ciw", by_ciw)):
        if needed and find_spec(needed) is None:
            print(f"{name:12} not installed: see above")
        else:
            _print(name, run, day)


def _print(name: str, run: Callable[[Calls], float], day: Calls) -> None:
    began = time.perf_counter()
    wait = run(day)
    print(f"{name:12} mean wait {wait:8.3f} s, took {time.perf_counter() - began:6.2f} s", flush=True)


if __name__ == "__main__":
    compare()
