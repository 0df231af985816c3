"""How soon the other side sees a message, with 500 agents and 1,000 open streams; start-up time; idle memory.

    python -m benchmarks.live [--database sqlite|postgresql] [--agents 500] [--rate 25] [--seconds 60]

Server and load share the machine. Bar: p99 < 200 ms; an offer within 150 ms of a free agent; first page < 3 s;
idle memory < 250 MB for all processes.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any

from benchmarks.company import CSRF, Pair, Stage, customer_headers, set_stage
from benchmarks.installation import Installation
from benchmarks.machine import describe, percentile
from benchmarks.offers import measure_offers
from benchmarks.wire import Poster, follow

TEAM = 20
OPENING = 60  # seconds at most until everybody listens


@dataclass
class Heard:
    """When each message was sent and when the other side had it."""

    sent: dict[str, float] = field(default_factory=dict)
    delays: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    refused: int = 0
    greeted: int = 0

    def hear(self, side: str, line: bytes, when: float) -> None:
        """Note a message that came from the other side."""
        if b'"heartbeat"' in line:
            self.greeted += 1
        if b"client_key" not in line or f'"client_key":"{side}'.encode() not in line:
            return
        key = json.loads(line[5:])["body"]["client_key"]
        if key in self.sent:
            self.delays.append(when - self.sent.pop(key))


def main() -> None:
    """Measure and print."""
    options = _options()
    print(describe())
    with Installation(options.database) as house:
        first = house.start()
        house.stop()
        print(f"start, first time (tables made)   {first:6.2f} s to the first page")
        house.django()
        stage = set_stage(teams=options.agents // TEAM, agents_each=TEAM, capacity=12)
        again = house.start()
        print(f"start, again                      {again:6.2f} s to the first page")
        time.sleep(8)
        _print_memory(house)
        asyncio.run(_measure(house, stage, options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--agents", type=int, default=500)
    parser.add_argument("--rate", type=float, default=25, help="messages a second, both ways together")
    parser.add_argument("--seconds", type=float, default=60)
    return parser.parse_args()


def _print_memory(house: Installation) -> None:
    rss = pss = 0
    for process in house.processes():
        memory = process.memory_full_info()
        rss, pss = rss + memory.rss, pss + memory.pss
        print(f"  {' '.join(process.cmdline()[1:])[:44]:44} rss {memory.rss / 2**20:6.1f} MB")
    print(f"idle memory of all processes      {rss / 2**20:6.1f} MB rss, {pss / 2**20:6.1f} MB pss")


async def _measure(house: Installation, stage: Stage, options: argparse.Namespace) -> None:
    heard = Heard()
    began = time.perf_counter()
    streams = [asyncio.create_task(_agent_stream(house.port, pair, heard)) for pair in stage.pairs]
    streams += [asyncio.create_task(_visitor_stream(house.port, pair, heard)) for pair in stage.pairs]
    while heard.greeted < len(streams) and time.perf_counter() - began < OPENING:  # noqa: ASYNC110 - many tell, one waits
        await asyncio.sleep(0.1)
    print(f"{heard.greeted} streams opened in {time.perf_counter() - began:6.1f} s")
    await asyncio.sleep(3)
    open_now = sum(not task.done() for task in streams)
    await _talk(house.port, stage.pairs, heard, options)
    await asyncio.sleep(3)
    _print_delays(heard, open_now, options)
    await measure_offers(house.port, stage, stage.agents[:TEAM])
    for task in streams:
        task.cancel()
    await asyncio.gather(*streams, return_exceptions=True)


async def _agent_stream(port: int, pair: Pair, heard: Heard) -> None:
    await follow(port, "/live/staff", {"Cookie": pair.cookie}, lambda line, when: heard.hear("visitor", line, when))


async def _visitor_stream(port: int, pair: Pair, heard: Heard) -> None:
    headers = {"Authorization": f"Bearer {pair.visitor_token}"}
    await follow(port, "/live/visitor", headers, lambda line, when: heard.hear("agent", line, when))


async def _talk(port: int, pairs: list[Pair], heard: Heard, options: argparse.Namespace) -> None:
    """Send messages at random instants at the wanted rate, whether or not the last was answered."""
    rng, until, tasks = random.Random(26), time.perf_counter() + options.seconds, []
    posters = [Poster(port, {}) for _ in range(24)]
    free: asyncio.Queue[Poster] = asyncio.Queue()
    for poster in posters:
        free.put_nowait(poster)
    for number in itertools.count():
        if time.perf_counter() >= until:
            break
        pair = rng.choice(pairs)
        tasks.append(asyncio.create_task(_say(free, pair, rng.choice(["agent", "visitor"]), number, heard)))
        await asyncio.sleep(rng.expovariate(options.rate))
    await asyncio.gather(*tasks)
    for poster in posters:
        poster.close()


async def _say(free: asyncio.Queue[Poster], pair: Pair, side: str, number: int, heard: Heard) -> None:
    key = f"{side}{number:08}x{pair.contact_id}"
    path, data, headers = _message(pair, side, key)
    heard.sent[key] = began = time.perf_counter()
    poster = await free.get()
    status, _ = await poster.post(path, data, headers)
    free.put_nowait(poster)
    heard.answers.append(time.perf_counter() - began)
    if status not in (200, 201):
        heard.refused += 1
        heard.sent.pop(key, None)


def _message(pair: Pair, side: str, key: str) -> tuple[str, dict[str, Any], dict[str, str]]:
    if side == "agent":
        data: dict[str, Any] = {"kind": "reply", "text": "We are looking into it", "client_key": key, "attachments": []}
        return f"/desk/api/contacts/{pair.contact_id}/messages", data, {"Cookie": pair.cookie, "X-CSRFToken": CSRF}
    data = {"text": "Is there any news?", "key": key, "files": []}
    return "/chat/api/messages", data, customer_headers(pair.visitor_token, pair.contact_id)


def _print_delays(heard: Heard, open_now: int, options: argparse.Namespace) -> None:
    count = len(heard.delays)
    print(
        f"{open_now} open streams, {options.agents} agents, {count / options.seconds:.1f} messages a second, {options.database}"
    )
    for name, values in (("post answered", heard.answers), ("seen by the other side", heard.delays)):
        ms = [value * 1000 for value in values]
        p50, p99 = percentile(ms, 0.5), percentile(ms, 0.99)
        print(f"{name:24} p50 {p50:6.1f} ms   p99 {p99:6.1f} ms   longest {max(ms):6.1f} ms   n {len(ms)}")
    print(f"refused {heard.refused}, never seen {len(heard.sent)}")


if __name__ == "__main__":
    main()
