"""Kill -9 of random processes under load; then what was acknowledged is counted against what is there.

    python -m benchmarks.durability --kills 200 [--database sqlite|postgresql] [--seed 26]

Victims: web, work, the supervisor (which is then started again, as an operator would), and on PostgreSQL a server
back end. Customers start chats, write and rate; agents accept, reply, end and wrap up. An operation is acknowledged
when its answer of 2xx was read. What was not acknowledged is unknown: it is sent again with the same key until it is.
Prints `kills N acknowledged N lost 0 duplicated 0 stuck 0` and ends with 1 when any of the three is not 0.
"""

from __future__ import annotations

import argparse
import random
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psutil

from benchmarks.company import CSRF, Stage, customer_headers, set_stage
from benchmarks.installation import Installation
from benchmarks.machine import describe

CUSTOMERS, TEAMS, AGENTS_EACH = 16, 2, 4
SETTLE_SECONDS = 45


@dataclass
class Record:
    """What was acknowledged, kept outside the system that is being killed."""

    messages: list[tuple[int, str]] = field(default_factory=list)
    started: list[tuple[str, int]] = field(default_factory=list)
    accepted: list[tuple[int, int]] = field(default_factory=list)
    wrapped: list[int] = field(default_factory=list)
    rated: list[tuple[int, int]] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    retries: int = 0

    def count(self) -> int:
        """Return how many operations were acknowledged."""
        return len(self.messages) + len(self.started) + len(self.accepted) + len(self.wrapped) + len(self.rated)


class Client:
    """One person or customer who does not give up: the same operation is sent until it is answered."""

    def __init__(self, house: Installation, record: Record, stop: threading.Event, seed: int) -> None:
        self.house, self.record, self.stop = house, record, stop
        self.rng = random.Random(seed)
        self.http = httpx.Client(base_url=house.url, timeout=5)

    def ask(self, method: str, path: str, data: dict[str, Any] | None, headers: dict[str, str]) -> httpx.Response:
        """Send until an answer comes; the answer may be a refusal."""
        while True:
            try:
                answer = self.http.request(method, path, json=data, headers=headers)
                if answer.status_code < 500:
                    return answer
                self.record.refused[f"{answer.status_code} {path.rsplit('/', maxsplit=1)[-1]}"] += 1
            except httpx.HTTPError:
                pass
            self.record.retries += 1
            time.sleep(0.1)

    def pause(self) -> None:
        """Wait as people do, only quicker."""
        time.sleep(self.rng.uniform(0.02, 0.25))


class CustomerLoad(Client):
    """A customer: starts a chat, writes, rates when it is over, and comes again as somebody else."""

    def run(self) -> None:
        """Go on until told to stop."""
        number = self.rng.randrange(10**6)
        while not self.stop.is_set():
            number += 1
            self._one_chat(number)

    def _one_chat(self, number: int) -> None:
        token = self.ask("POST", "/chat/api/visitor", {}, customer_headers("", number)).json()["token"]
        headers = customer_headers(token, number)
        key = f"start{number:08}"
        words = {"brand": "bench", "language": "en", "want": "help", "text": "Hello", "key": key}
        answer = self.ask("POST", "/chat/api/start", words, headers)
        if answer.status_code != 201:
            self.record.refused[f"start {answer.status_code}"] += 1
            return
        contact_id = answer.json()["contact"]["id"]
        self.record.started.append((key, contact_id))
        self._talk(contact_id, number, headers)

    def _talk(self, contact_id: int, number: int, headers: dict[str, str]) -> None:
        for turn in range(200):
            if self.stop.is_set():
                return
            self.pause()
            seen = self.ask("GET", "/chat/api/state", None, headers).json()
            if seen["contact"]["state"] not in ("waiting", "active"):
                self._rate(contact_id, headers)
                return
            if turn % 3 == 0:
                key = f"customer{number:08}n{turn}"
                sent = self.ask("POST", "/chat/api/messages", {"text": "Any news?", "key": key, "files": []}, headers)
                if sent.status_code == 201:
                    self.record.messages.append((sent.json()["contact"], key))

    def _rate(self, contact_id: int, headers: dict[str, str]) -> None:
        score = self.rng.choice([1, 3, 4, 5, 5])
        answer = self.ask("POST", "/chat/api/rating", {"score": score, "comment": ""}, headers)
        if answer.status_code == 200:
            self.record.rated.append((contact_id, score))


class AgentLoad(Client):
    """An agent: accepts what is offered, answers, ends and wraps up."""

    def __init__(
        self, house: Installation, record: Record, stop: threading.Event, seed: int, cookie: str, id: int
    ) -> None:
        super().__init__(house, record, stop, seed)
        self.headers = {"Cookie": cookie, "X-CSRFToken": CSRF, "Accept": "application/json"}
        self.id = id
        self.replies = 0

    def run(self) -> None:
        """Go on until told to stop."""
        while not self.stop.is_set():
            desk = self.ask("GET", "/desk/api/snapshot", None, self.headers).json()
            if desk["presence"]["state"] != "available":
                self.ask("POST", "/desk/api/presence", {"state": "available", "reason": ""}, self.headers)
            for offer in desk["offers"].values():
                self._accept(offer)
            for card in desk["contacts"].values():
                if card["assignee_id"] == self.id:
                    self._serve(card)
            self.pause()

    def _accept(self, offer: dict[str, Any]) -> None:
        answer = self.ask("POST", f"/desk/api/offers/{offer['offer_id']}/accept", {}, self.headers)
        if answer.status_code == 200 or answer.json().get("code") == "already_yours":
            self.record.accepted.append((offer["contact_id"], self.id))

    def _serve(self, card: dict[str, Any]) -> None:
        contact = card["contact_id"]
        if card["state"] == "wrap_up":
            self._wrap_up(contact)
        elif self.rng.random() < 0.25:
            self.ask("POST", f"/desk/api/contacts/{contact}/end", {}, self.headers)
        else:
            self._reply(contact)

    def _reply(self, contact: int) -> None:
        self.replies += 1
        key = f"agent{self.id:06}n{self.replies:06}"
        words = {"kind": "reply", "text": "We are on it", "client_key": key, "attachments": []}
        if self.ask("POST", f"/desk/api/contacts/{contact}/messages", words, self.headers).status_code == 200:
            self.record.messages.append((contact, key))

    def _wrap_up(self, contact: int) -> None:
        words = {"reason_id": 1, "resolution": "solved"}
        if self.ask("POST", f"/desk/api/contacts/{contact}/wrap-up", words, self.headers).status_code == 200:
            self.record.wrapped.append(contact)


class Nemesis:
    """Kills one process at a time at random instants, and starts again what an operator would start again."""

    def __init__(self, house: Installation, seed: int) -> None:
        self.house = house
        self.rng = random.Random(seed)
        self.victims: Counter[str] = Counter()

    def kill_one(self) -> None:
        """Kill a random process and wait until pages are served again."""
        time.sleep(self.rng.uniform(0.05, 0.5))
        name, victim = self._choose()
        victim.kill()
        self.victims[name] += 1
        if name == "supervisor":
            victim.wait(10)
            self.house.start()
        self.house.wait_until_up(60)

    def _choose(self) -> tuple[str, psutil.Process]:
        """Return a victim that is alive; processes that are just starting are waited for."""
        choices = ["web", "web", "work", "work", "supervisor"] + ["backend"] * (self.house.database != "sqlite")
        while True:
            name = self.rng.choice(choices)
            victim = self._find(name)
            if victim is not None:
                return name, victim
            time.sleep(0.02)

    def _find(self, name: str) -> psutil.Process | None:
        everything = self.house.processes()
        if not everything:
            return None
        if name == "supervisor":
            return everything[0]
        if name == "backend":
            return self._backend()
        return next((one for one in everything[1:] if name in one.cmdline()), None)

    def _backend(self) -> psutil.Process | None:
        folder = str(self.house.folder)
        servers = [one for one in psutil.process_iter(["cmdline"]) if folder in " ".join(one.info["cmdline"] or [])]
        backends = [
            child
            for server in servers
            for child in server.children()
            if "postgres postgres" in " ".join(child.cmdline())
        ]
        return self.rng.choice(backends) if backends else None


def main() -> None:
    """Run, count, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    parser.add_argument("--seed", type=int, default=26)
    options = parser.parse_args()
    print(describe())
    with Installation(options.database) as house:
        house.start()
        house.stop()
        house.django()
        stage = set_stage(teams=TEAMS, agents_each=AGENTS_EACH, chats_each=0, capacity=6)
        house.start()
        record, nemesis = _storm(house, stage, options)
        problems = _count(record)
    print(f"database {options.database}, seed {options.seed}, killed {dict(nemesis.victims)}, retries {record.retries}")
    for name, count in record.refused.items():
        print(f"  refused: {name} ×{count}")
    print(
        f"kills {sum(nemesis.victims.values())} acknowledged {record.count()} "
        f"lost {problems['lost']} duplicated {problems['duplicated']} stuck {problems['stuck']}"
    )
    sys.exit(1 if any(problems.values()) else 0)


def _storm(house: Installation, stage: Stage, options: argparse.Namespace) -> tuple[Record, Nemesis]:
    record, customers_stop, agents_stop = Record(), threading.Event(), threading.Event()
    customers: list[Client] = [CustomerLoad(house, record, customers_stop, options.seed + n) for n in range(CUSTOMERS)]
    agents: list[Client] = [
        AgentLoad(house, record, agents_stop, options.seed + 100 + id, cookie, id) for id, cookie in stage.agents
    ]
    threads = [threading.Thread(target=one.run, daemon=True) for one in (*customers, *agents)]  # type: ignore[attr-defined]  # both kinds have run
    for thread in threads:
        thread.start()
    nemesis = Nemesis(house, options.seed)
    while sum(nemesis.victims.values()) < options.kills:
        nemesis.kill_one()
    customers_stop.set()
    for thread in threads[: len(customers)]:
        thread.join(60)
    time.sleep(SETTLE_SECONDS)
    agents_stop.set()
    for thread in threads[len(customers) :]:
        thread.join(60)
    return record, nemesis


def _count(record: Record) -> Counter[str]:
    """Compare what was acknowledged with the tables and the ledger."""
    from django.db import connection
    from django.db.models import Count

    from heartline.conversations.models import Assignment, Contact, Message, WrapUp
    from heartline.ledger.models import Entry
    from heartline.voice_of_customer.models import Response

    problems: Counter[str] = Counter({"lost": 0, "duplicated": 0, "stuck": 0})
    connection.close()  # the one that set the stage did not outlive the server's last crash
    stored = Counter(Message.objects.values_list("contact_id", "client_key"))
    told = Counter(
        (body["contact_id"], body["client_key"])
        for body in Entry.objects.filter(kind="conversations.message_added").values_list("body", flat=True)
    )
    for one in {*record.messages, *((contact, key) for key, contact in record.started)}:
        problems["lost"] += stored[one] == 0 or told[one] == 0
    keys = Counter(key for _, key in stored.elements())
    problems["duplicated"] += sum(count - 1 for count in keys.values() if count > 1)
    served = set(Assignment.objects.values_list("contact_id", "person_id"))
    problems["lost"] += sum(one not in served for one in set(record.accepted))
    wrapped = set(WrapUp.objects.values_list("contact_id", flat=True))
    problems["lost"] += sum(one not in wrapped for one in set(record.wrapped))
    answers = dict(Response.objects.values_list("invitation__contact_id", "score"))
    problems["lost"] += sum(answers.get(contact) != score for contact, score in record.rated)
    twice = Assignment.objects.filter(ended_at=None).values("contact").annotate(n=Count("id")).filter(n__gt=1)
    problems["duplicated"] += twice.count()
    answered_twice = Counter(
        Entry.objects.filter(kind="conversations.contact_answered").values_list("contact_id", flat=True)
    )
    problems["duplicated"] += sum(count - 1 for count in answered_twice.values() if count > 1)
    problems["stuck"] += _stuck()
    if problems["stuck"]:
        print("stuck:", list(Contact.objects.filter(state="waiting").values("id", "asked_at", "queue_id")[:10]))
    return problems


def _stuck() -> int:
    """Return how many contacts wait while somebody was free for 45 s, and how many offers outlived their end."""
    from heartline.conversations.models import Contact
    from heartline.routing.models import Offer

    now = datetime.now(UTC)
    waiting = Contact.objects.filter(state="waiting", asked_at__lt=now - timedelta(seconds=SETTLE_SECONDS - 5)).count()
    return waiting + Offer.objects.filter(state="pending", expires_at__lt=now - timedelta(seconds=2)).count()


if __name__ == "__main__":
    main()
