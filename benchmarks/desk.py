"""The desk at 100,000 cases and 1,000,000 messages, and django-helpdesk on the same work, in turn on the same machine.

    python -m benchmarks.desk [--cases 100000] [--each 10] [--database sqlite|postgresql] [--seconds 6] [--peer PYTHON]
                              [--rows WORD ...] [--webs 1]

Each row is asked by one client and then by eight, for some seconds, first of Heartline and then of the peer. Times are
the client's, over HTTP on the loopback, connections kept. Bar: p99 < 100 ms with one client; three times the peer.
Heartline serves with as many processes as `--webs` says (one by default, more on PostgreSQL); the peer under granian
with two processes of four threads.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, urlencode

from benchmarks.company import CSRF, Pair, Stage, add_chats, set_stage
from benchmarks.corpus import Corpus
from benchmarks.installation import Installation
from benchmarks.machine import describe, percentile
from benchmarks.peers.running import Peer
from benchmarks.wire import Poster

QUEUES, CHATS, KEYS = 20, 5, 8
AGENT = 3  # whose queue is the fourth
Request = tuple[str, str, bytes, dict[str, str]]


@dataclass
class System:
    """One system under measurement: where it listens, and how the n-th request of each row reads."""

    name: str
    port: int
    rows: dict[str, Callable[[int], Request]]


@dataclass
class Timed:
    """What one row took."""

    ms: list[float] = field(default_factory=list)
    wrong: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        if not self.ms:
            return f"none of {self.wrong} answered"
        p50, p99 = percentile(self.ms, 0.5), percentile(self.ms, 0.99)
        return f"p50 {p50:7.1f}  p99 {p99:7.1f} ms  {self.rate:7.1f}/s" + (
            f"  wrong {self.wrong}" if self.wrong else ""
        )

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.ms) / self.seconds if self.seconds else 0.0


def main() -> None:
    """Write both, measure in turn, and print."""
    options = _options()
    print(describe())
    with Installation(options.database, webs=options.webs) as house:
        house.start()
        house.stop()
        house.django()
        ours = _ours(house, options)
        house.start()
        if not options.peer:
            asyncio.run(_measure([ours], options))
            return
        with Peer(options.peer, house.database, options.cases, options.each, QUEUES) as peer:
            asyncio.run(_measure([ours, System("django-helpdesk", peer.port, peer.rows())], options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--each", type=int, default=10)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seconds", type=float, default=6)
    parser.add_argument("--rows", nargs="*", default=[], help="only rows with one of these words in their names")
    parser.add_argument("--webs", type=int, default=1, help="processes that serve pages; more than one on PostgreSQL")
    parser.add_argument("--peer", default="", help="a Python that has django-helpdesk and granian")
    return parser.parse_args()


def _ours(house: Installation, options: argparse.Namespace) -> System:
    stage = set_stage(teams=QUEUES, agents_each=1, chats_each=0, capacity=CHATS + 5)
    corpus = _write(options, stage)
    pairs = add_chats(stage.agents[AGENT], stage.queue_ids[AGENT], CHATS)
    return System("Heartline", house.port, _rows(stage, corpus, pairs, _keys()))


def _write(options: argparse.Namespace, stage: Stage) -> Corpus:
    from heartline.knowledge.search.actions import begin_anew, build_on
    from heartline.people.models import Brand

    began = time.perf_counter()
    corpus = Corpus(options.cases, options.each, stage.queue_ids, Brand.objects.get().id)
    corpus.write()
    begin_anew()
    while build_on() is not None:
        pass
    print(f"{options.cases:,} cases written and indexed in {time.perf_counter() - began:.0f} s")
    return corpus


def _keys() -> list[str]:
    """Return keys of several supervisors: each may ask ten times a second."""
    from heartline.api.actions import create_key
    from heartline.people.actions import actor_for
    from heartline.people.models import Person, Role, Site

    found, site = [], Site.objects.get()
    for number in range(KEYS):
        person = Person(email=f"key{number}@example.com", name=f"Key {number}", role=Role.ADMIN, site=site)
        person.set_unusable_password()
        person.save()
        rights = ["contact.serve", "message.read", "personal.read"]
        found += [
            create_key(person, f"key {n}", rights, 30, by=actor_for(person), now=datetime.now(UTC))[1] for n in range(5)
        ]
    return found


def _rows(stage: Stage, corpus: Corpus, pairs: list[Pair], keys: list[str]) -> dict[str, Callable[[int], Request]]:
    cookie = {"Cookie": stage.agents[AGENT][1], "X-CSRFToken": CSRF, "Content-Type": "application/json"}
    rng, queue = random.Random(5), stage.queue_ids[AGENT]
    mine = range(len(stage.queue_ids) + AGENT, corpus.cases, len(stage.queue_ids))
    rare = corpus.rare_words(200, AGENT)

    def reply(number: int) -> Request:
        data = {"kind": "reply", "text": "We are looking into it", "client_key": f"bench{number:09}", "attachments": []}
        path = f"/desk/api/contacts/{pairs[number % len(pairs)].contact_id}/messages"
        return "POST", path, json.dumps(data).encode(), cookie

    def contact(number: int) -> Request:
        key = {"Authorization": f"Bearer {keys[number % len(keys)]}", "Content-Type": "application/json"}
        key |= {"Idempotency-Key": f"bench-{number:09}"}
        customer = {"name": f"Customer {number}", "email": f"bench{number}@example.com", "language": "en"}
        data = {"channel": "webform", "queue_id": queue, "want": "My order", "new_customer": customer}
        return "POST", "/api/v1/contacts", json.dumps(data).encode(), key

    def get(path: str) -> Request:
        return "GET", path, b"", cookie

    return {
        "inbox": lambda _n: get("/desk/api/snapshot"),
        "case list": lambda _n: get("/desk/cases/?" + urlencode({"state": "open"})),
        "case": lambda _n: get(f"/desk/api/cases/{rng.choice(mine)}"),
        "search, a rare word": lambda n: get("/search/?q=" + quote(rare[n % len(rare)])),
        "reply": reply,
        "new contact by API": contact,
    }


async def _measure(systems: list[System], options: argparse.Namespace) -> None:
    numbers = itertools.count(1)
    asked = [row for row in systems[0].rows if not options.rows or any(word in row for word in options.rows)]
    for row in asked:
        for clients in (1, 8):
            taken = {
                one.name: await _timed(one, row, clients, options.seconds, numbers)
                for one in systems
                if row in one.rows
            }
            for name, timed in taken.items():
                print(f"{row:20} {clients} client{'s' if clients > 1 else ' '} {name:16} {timed}", flush=True)
            ours, *peers = taken.values()
            if peers and peers[0].rate:
                print(f"{'':20} {'':9} ratio {ours.rate / peers[0].rate:5.2f}", flush=True)


async def _timed(system: System, row: str, clients: int, seconds: float, numbers: itertools.count[int]) -> Timed:
    timed, posters = Timed(), [Poster(system.port, {}) for _ in range(clients)]
    for poster in posters[:3]:  # caches and connections warm
        await poster.ask(*system.rows[row](next(numbers)))
    began = time.perf_counter()
    await asyncio.gather(*(_client(system, row, poster, timed, began + seconds, numbers) for poster in posters))
    timed.seconds = time.perf_counter() - began
    for poster in posters:
        poster.close()
    return timed


async def _client(
    system: System, row: str, poster: Poster, timed: Timed, until: float, numbers: itertools.count[int]
) -> None:
    while (began := time.perf_counter()) < until:
        status, _ = await poster.ask(*system.rows[row](next(numbers)))
        if status in (200, 201, 302):
            timed.ms.append((time.perf_counter() - began) * 1000)
        else:
            timed.wrong += 1


if __name__ == "__main__":
    main()
