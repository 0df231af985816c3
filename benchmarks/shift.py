"""A shift: 200 agents at work for ten minutes, each with a live stream, and customers who come, write, leave and rate.

    python -m benchmarks.shift [--agents 200] [--minutes 10] [--database postgresql|sqlite] [--rate 2] [--webs 1]

Agents take what is offered, open the case, search, answer, hand over one contact in ten, end and wrap up. Prints the
times of every kind of request, what was acknowledged and is not there, and memory at the start and at the end.
Bar: p99 < 300 ms, nothing lost, memory flat. Server and load share the machine.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from benchmarks.company import CSRF, Stage, customer_headers, set_stage
from benchmarks.installation import Installation
from benchmarks.machine import describe, percentile
from benchmarks.wire import Poster, follow

TEAM = 20
TURNS = 4
WARM = 30  # seconds after which memory is looked at first


@dataclass
class Shift:
    """What everybody shares: where the server is, when it is over, and what it took."""

    port: int
    stage: Stage
    until: float
    rng: random.Random = field(default_factory=lambda: random.Random(26))
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    said: list[tuple[int, str]] = field(default_factory=list)
    wrapped: list[int] = field(default_factory=list)
    came: int = 0

    async def ask(
        self, poster: Poster, name: str, path: str, headers: dict[str, str], data: dict[str, Any] | None = None
    ) -> Any:
        """Ask, take the time, and return the JSON of an answer of 2xx; None for any other."""
        began = time.perf_counter()
        if data is None:
            status, body = await poster.ask("GET", path, b"", headers)
        else:
            status, body = await poster.post(path, data, headers)
        self.took[name].append((time.perf_counter() - began) * 1000)
        if status not in (200, 201):
            self.refused[f"{name} {status}"] += 1
            return None
        return json.loads(body) if body[:1] in (b"{", b"[") else {}


class Agent:
    """One agent with a stream of their own, who takes each offer at once and has up to three contacts in hand."""

    def __init__(self, shift: Shift, person_id: int, cookie: str) -> None:
        self._shift, self._id = shift, person_id
        self._headers = {"Cookie": cookie, "X-CSRFToken": CSRF}
        self._offers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._said = 0

    async def work(self) -> None:
        """Work until the shift is over, and finish what is in hand then."""
        stream = asyncio.create_task(follow(self._shift.port, "/live/staff", self._headers, self._hear))
        in_hand = set[asyncio.Task[None]]()
        while time.perf_counter() < self._shift.until:
            try:
                offer = await asyncio.wait_for(self._offers.get(), 1)
            except TimeoutError:
                continue
            serving = asyncio.create_task(self._serve(offer, Poster(self._shift.port, {})))
            in_hand.add(serving)
            serving.add_done_callback(in_hand.discard)
        await asyncio.gather(*in_hand)
        stream.cancel()

    def _hear(self, line: bytes, _when: float) -> None:
        if b'"routing.offer_made"' in line:
            body = json.loads(line[5:])["body"]
            if body["person_id"] == self._id:
                self._offers.put_nowait(body)

    async def _serve(self, offer: dict[str, Any], poster: Poster) -> None:
        try:
            await self._serve_over(offer, poster)
        finally:
            poster.close()

    async def _serve_over(self, offer: dict[str, Any], poster: Poster) -> None:
        contact, case = offer["contact_id"], offer["case_id"]
        if await self._ask(poster, "accept", f"/desk/api/offers/{offer['offer_id']}/accept", {}) is None:
            return
        await self._ask(poster, "open a case", f"/desk/api/cases/{case}")
        for _turn in range(TURNS):
            await asyncio.sleep(self._shift.rng.uniform(2, 8))
            await self._reply(contact, poster)
        await self._ask(poster, "search", "/search/?q=hello")
        if self._shift.rng.random() < 0.1:
            queue = self._shift.rng.choice(self._shift.stage.queue_ids)
            card = {"to_queue": queue, "wants": "An answer", "tried": "", "promised": "", "do_not_ask": ""}
            await self._ask(poster, "transfer", f"/desk/api/contacts/{contact}/transfer", card)
            return
        await self._ask(poster, "end", f"/desk/api/contacts/{contact}/end", {})
        await asyncio.sleep(self._shift.rng.uniform(1, 4))
        done = {"reason_id": 1, "resolution": "solved"}
        if await self._ask(poster, "wrap up", f"/desk/api/contacts/{contact}/wrap-up", done) is not None:
            self._shift.wrapped.append(contact)

    async def _reply(self, contact: int, poster: Poster) -> None:
        self._said += 1
        key = f"agent{self._id:06}n{self._said:06}"
        words = {"kind": "reply", "text": "We are looking into it", "client_key": key, "attachments": []}
        if await self._ask(poster, "reply", f"/desk/api/contacts/{contact}/messages", words) is not None:
            self._shift.said.append((contact, key))

    async def _ask(self, poster: Poster, name: str, path: str, data: dict[str, Any] | None = None) -> Any:
        return await self._shift.ask(poster, name, path, self._headers, data)


async def visit(shift: Shift, number: int) -> None:
    """Have one customer come, write a few times and rate."""
    poster = Poster(shift.port, {})
    issued = await shift.ask(poster, "visitor", "/chat/api/visitor", customer_headers("", number), {})
    headers = customer_headers(issued["token"], number)
    words = {
        "brand": shift.stage.brand_key,
        "language": "en",
        "want": "help",
        "text": "Hello",
        "key": f"start{number:06}",
    }
    opened = await shift.ask(poster, "start a chat", "/chat/api/start", headers, words)
    if opened is None:
        return
    contact, over = opened["contact"]["id"], False
    shift.said.append((contact, words["key"]))
    for turn in range(60):
        await asyncio.sleep(shift.rng.uniform(3, 9))
        state = await shift.ask(poster, "customer looks", "/chat/api/state", headers)
        over = state is not None and state["contact"]["state"] not in ("waiting", "active")
        if over or time.perf_counter() > shift.until + 60:
            break
        if turn < TURNS:
            key = f"customer{number:06}n{turn}"
            sent = {"text": "Any news?", "key": key, "files": []}
            answer = await shift.ask(poster, "customer writes", "/chat/api/messages", headers, sent)
            if answer is not None:
                shift.said.append((answer["contact"], key))
    if over:
        score = shift.rng.choice([1, 3, 4, 5, 5])
        await shift.ask(poster, "rate", "/chat/api/rating", headers, {"score": score, "comment": ""})
    poster.close()


def main() -> None:
    """Run the shift, count, and print."""
    options = _options()
    print(describe())
    with Installation(options.database, webs=options.webs) as house:
        house.start()
        house.stop()
        house.django()
        stage = set_stage(teams=options.agents // TEAM, agents_each=TEAM, chats_each=0, capacity=3)
        house.start()
        time.sleep(3)
        shift = asyncio.run(_run(house, stage, options))
        _print(shift, options)
        _count(shift)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=2, help="customers who come in a second")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--webs", type=int, default=1, help="processes that serve pages; more than one on PostgreSQL")
    return parser.parse_args()


async def _run(house: Installation, stage: Stage, options: argparse.Namespace) -> Shift:
    shift = Shift(house.port, stage, time.perf_counter() + options.minutes * 60)
    agents = [asyncio.create_task(Agent(shift, *agent).work()) for agent in stage.agents]
    watch = asyncio.create_task(_watch_memory(house))
    customers = []
    while time.perf_counter() < shift.until:
        shift.came += 1
        customers.append(asyncio.create_task(visit(shift, shift.came)))
        await asyncio.sleep(shift.rng.expovariate(options.rate))
    await asyncio.gather(*agents, *customers)
    watch.cancel()
    print(f"memory at the end {_memory(house):6.1f} MB")
    return shift


async def _watch_memory(house: Installation) -> None:
    await asyncio.sleep(WARM)
    while True:
        print(f"memory {_memory(house):6.1f} MB", flush=True)
        await asyncio.sleep(120)


def _memory(house: Installation) -> float:
    return float(sum(process.memory_info().rss for process in house.processes())) / 2**20


def _print(shift: Shift, options: argparse.Namespace) -> None:
    count = sum(map(len, shift.took.values()))
    print(
        f"{options.agents} agents, {shift.came} customers, {options.minutes:g} minutes, {options.database}: "
        f"{count} requests, {count / options.minutes / 60:.1f} a second"
    )
    everything: list[float] = []
    for name, ms in sorted(shift.took.items()):
        print(f"{name:16} p50 {percentile(ms, 0.5):7.1f} ms   p99 {percentile(ms, 0.99):7.1f} ms   n {len(ms)}")
        everything += ms
    print(f"{'all':16} p50 {percentile(everything, 0.5):7.1f} ms   p99 {percentile(everything, 0.99):7.1f} ms")
    print("refused:", dict(shift.refused) or "none")


def _count(shift: Shift) -> None:
    """Look for everything acknowledged in the tables."""
    from heartline.conversations.models import Message, WrapUp

    stored = set(Message.objects.values_list("contact_id", "client_key"))
    wrapped = set(WrapUp.objects.values_list("contact_id", flat=True))
    lost = sum(one not in stored for one in shift.said) + sum(one not in wrapped for one in shift.wrapped)
    print(f"acknowledged {len(shift.said) + len(shift.wrapped)} lost {lost}")


if __name__ == "__main__":
    main()
