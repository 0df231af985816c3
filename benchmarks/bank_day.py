"""A recorded day of a bank's call centre through the router's rules, beside what really happened.

    python -m benchmarks.bank_day --data FOLDER [--days 990103 990106]

The folder holds `calls_1999-01.csv.gz` of the "Anonymous Bank" data (Ilan Guedj and Avi Mandelbaum, Technion; free for
use with acknowledgement). When customers came, what about, how long they were served and who was there is as recorded.
How patient those were who were answered is not known: it is drawn, with a seed, from what is (Kaplan and Meier).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from heartline.routing.rules import Server, Work
from heartline.routing.rules.plan import Order, Plan
from heartline.routing.rules.replay import Arrival, Shift, replay

FILE = "calls_1999-01.csv.gz"
DAYS = ("990103", "990106", "990110", "990117", "990124")
KINDS = {"PS": 1, "PE": 2, "IN": 3, "NE": 4, "NW": 5, "TT": 6}
# Customers of high priority entered that centre's queue with a minute and a half of credit.
PLAN = Plan(order=Order(live=0, tiers={"high": 90}))
# Whoever took no call for this long was not there; nothing else says when people were.
ABSENT_AFTER, AWAY_AFTER = timedelta(minutes=15), timedelta(minutes=3)
ANSWERED_IN_TIME = 20.0


@dataclass(frozen=True)
class Call:
    """One recorded call that wanted somebody: from when, for how long it waited, and by whom it was answered."""

    id: int
    kind: str
    high: bool
    at: datetime
    waited: float
    served: float
    agent: str

    @property
    def ends(self) -> datetime:
        """When it was over."""
        return self.at + timedelta(seconds=self.waited + self.served)


@dataclass(frozen=True)
class Figures:
    """A day in figures."""

    offered: int
    left: int
    mean: float
    half: float
    in_time: float

    def line(self, name: str) -> str:
        """Return the figures as a line of a table."""
        lost = f"{self.left / self.offered:7.1%}"
        return f"{name:22}{self.offered:8}{self.left:8}{lost}{self.mean:10.1f}{self.half:10.1f}{self.in_time:10.1%}"


def recorded(file: Path, day: str) -> list[Call]:
    """Return the calls of a day that came as far as the queue, or straight to an agent."""
    with gzip.open(file, "rt", encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["date"] == day and row["type"] in KINDS]
    calls = [_call(number, row) for number, row in enumerate(rows, start=1) if _asks(row)]
    return sorted(calls, key=lambda call: (call.at, call.id))


def _asks(row: dict[str, str]) -> bool:
    queued = row["q_start"] != "0:00:00"
    return row["outcome"] == "AGENT" or (row["outcome"] == "HANG" and queued)


def _call(number: int, row: dict[str, str]) -> Call:
    answered = row["outcome"] == "AGENT"
    queued = row["q_start"] != "0:00:00"
    at = row["q_start"] if queued else row["vru_exit"]  # the start of serving is not always there
    waited = float(row["q_time"]) if queued else 0.0
    served = float(row["ser_time"]) if answered else 0.0
    day, agent = row["date"], row["server"].strip() if answered else ""
    return Call(number, row["type"], row["priority"] == "2", _moment(day, at), waited, served, agent)


def _moment(day: str, clock: str) -> datetime:
    hours, minutes, seconds = map(int, clock.split(":"))
    begin = datetime(1900 + int(day[:2]), int(day[2:4]), int(day[4:]), tzinfo=UTC)
    return begin + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def shifts_of(calls: Iterable[Call], absent: timedelta) -> list[Shift]:
    """Return when each agent was there, and for what: as far as the calls that they answered tell."""
    mine: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        if call.agent and call.agent != "NO_SERVER":
            mine[call.agent].append(call)
    found = []
    for id, (name, theirs) in enumerate(sorted(mine.items()), start=1):
        queues = frozenset(KINDS[call.kind] for call in theirs)
        agent = Server(id=id, name=name, available=False, queues=queues, limits={"webchat": 1})
        found += [Shift(agent, begins, ends) for begins, ends in _spells(theirs, absent)]
    return found


def _spells(calls: Sequence[Call], absent: timedelta) -> list[tuple[datetime, datetime]]:
    spells: list[tuple[datetime, datetime]] = []
    for call in sorted(calls, key=lambda call: call.ends):
        begins = call.at + timedelta(seconds=call.waited)
        if spells and begins - spells[-1][1] < absent:
            spells[-1] = (spells[-1][0], max(call.ends, spells[-1][1]))
        else:
            spells.append((begins, call.ends))
    return spells


def survival(calls: Iterable[Call]) -> list[tuple[float, float]]:
    """Return after how long what share of customers still has patience: who was answered had some left."""
    ends = sorted((call.waited, not call.agent) for call in calls)
    left, curve = 1.0, []
    for place, (waited, gave_up) in enumerate(ends):
        if gave_up:
            left *= 1 - 1 / (len(ends) - place)
            curve.append((waited, left))
    return curve


def patience(call: Call, curve: list[tuple[float, float]], rng: random.Random) -> float | None:
    """Return how long a customer waits at most: as they did, or drawn from those who waited longer; None without end."""
    if not call.agent:
        return call.waited
    had = next((left for waited, left in reversed(curve) if waited <= call.waited), 1.0)
    share = rng.random() * had
    return next((waited for waited, left in curve if left <= share), None)


def arrivals_of(calls: list[Call], seed: int) -> list[Arrival]:
    """Return the day's customers; who left would have been served as long as somebody else with the same wish."""
    rng, curve = random.Random(seed), survival(calls)
    lengths = {kind: [call.served for call in calls if call.kind == kind and call.agent] or [0.0] for kind in KINDS}
    works = (
        Work(
            id=call.id, queue_id=KINDS[call.kind], channel="webchat", asked_at=call.at, tier="high" if call.high else ""
        )
        for call in calls
    )
    return [
        Arrival(work, call.served if call.agent else rng.choice(lengths[call.kind]), patience(call, curve, rng))
        for work, call in zip(works, calls, strict=True)
    ]


def figures(waits: list[tuple[float, bool]]) -> Figures:
    """Return the figures of waits, each with whether the customer left."""
    answered = sorted(wait for wait, left in waits if not left)
    in_time = sum(wait <= ANSWERED_IN_TIME for wait in answered) / len(waits)
    mean = sum(answered) / max(1, len(answered))
    return Figures(len(waits), len(waits) - len(answered), mean, answered[len(answered) // 2], in_time)


def play(calls: list[Call], seed: int, *, pause: float = 0.0, absent: timedelta = ABSENT_AFTER) -> Figures:
    """Return a day by the rules; `pause` is how long people need after each call."""
    arrivals = [replace(one, served=one.served + pause) for one in arrivals_of(calls, seed)]
    outcomes = replay(arrivals, shifts_of(calls, absent), PLAN)
    return figures([(one.waited, one.person_id is None) for one in outcomes])


def _pause(calls: list[Call]) -> float:
    """Return how long agents took before the next call while others waited, the middle one of the day."""
    by_agent: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        if call.agent:
            by_agent[call.agent].append(call)
    gaps = []
    for theirs in by_agent.values():
        line = sorted(theirs, key=lambda call: call.ends)
        for before, after in pairwise(line):
            if after.at < before.ends:  # the next customer waited already when this one was done
                gaps.append((after.at + timedelta(seconds=after.waited) - before.ends).total_seconds())
    return sorted(gaps)[len(gaps) // 2] if gaps else 0.0


def main() -> int:
    """Print the days asked for, or say what is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("data/call_centre_anonymous_bank"))
    parser.add_argument("--days", nargs="*", default=DAYS)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    file = asked.data / FILE
    if not file.exists():
        print(f"skipped: {file} is not here; name its folder with --data")
        return 0
    print(f"{'':22}{'calls':>8}{'left':>8}{'':7}{'wait s':>10}{'half by':>10}{'in 20 s':>10}")
    for day in asked.days:
        calls = recorded(file, day)
        agents, pause = len({call.agent for call in calls if call.agent}), _pause(calls)
        print(f"{day}, {agents} agents, who took {pause:.0f} s before the next call while somebody waited")
        print(figures([(call.waited, not call.agent) for call in calls]).line("  recorded"))
        print(play(calls, asked.seed).line("  rules"))
        print(play(calls, asked.seed, pause=pause).line("  ... with pauses"))
        print(play(calls, asked.seed, pause=pause, absent=AWAY_AFTER).line("  ... and away sooner"))
    return 0


if __name__ == "__main__":
    sys.exit(main())
