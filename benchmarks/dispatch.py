"""How soon a contact is offered while 50 come in a second and 200 agents answer; and what a killed dispatcher costs.

    python -m benchmarks.dispatch [--database postgresql|sqlite] [--rate 50] [--agents 200] [--seconds 30] [--kill-every 0]

The dispatcher runs in the real `work` process (two of them when they are killed); customers and agents are two processes
that call the same actions as pages and API, without HTTP in between, so that two cores suffice. An agent accepts after
0.3 to 1.5 s and has the contact in hand for 3 to 6 s; it is then ended together with others, which is not what is
measured. There is always somebody free: the time runs from the commit of a contact until a listener on the database has
read its offer. Bar: p99 < 150 ms, nothing lost, nothing double; with `--kill-every 5` another dispatches within 3 s.
"""

from __future__ import annotations

import argparse
import heapq
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import psutil

from benchmarks.company import Stage, set_stage
from benchmarks.installation import Installation
from benchmarks.machine import describe, percentile

TEAM = 20
CAPACITY = 4
HANDS = 4  # threads that do what agents do
SETTLE = 40.0  # seconds at most until everybody who came was answered


class Works:
    """The `work` processes of an installation, which dispatch; one of them may be killed at any time."""

    def __init__(self, house: Installation, count: int) -> None:
        self._house = house
        self._processes = [self._start() for _ in range(count)]
        self.kills = 0
        self.gaps: list[float] = []
        self.processor_seconds = 0.0

    def kill_holder(self) -> None:
        """Kill the one that dispatches, start another in its place, and take the time until somebody dispatches."""
        from heartline.routing.models import DispatcherLease

        row = DispatcherLease.objects.get()
        victim = next((one for one in self._processes if row.holder.split(":")[1:2] == [str(one.pid)]), None)
        if victim is None:
            return
        self._note_time(victim)
        began = time.monotonic()
        os.kill(victim.pid, signal.SIGKILL)
        victim.wait()
        self.kills += 1
        self._processes = [one for one in self._processes if one is not victim] + [self._start()]
        while DispatcherLease.objects.get().fence == row.fence and time.monotonic() - began < SETTLE:
            time.sleep(0.02)
        self.gaps.append(time.monotonic() - began)

    def stop(self) -> None:
        """End them as a supervisor does."""
        for process in self._processes:
            self._note_time(process)
            process.terminate()
        for process in self._processes:
            process.wait(15)

    def _start(self) -> subprocess.Popen[bytes]:
        with (self._house.folder / "run.log").open("ab") as log:
            command = [sys.executable, "-m", "heartline.config.processes", "work"]
            return subprocess.Popen(command, env=self._house.environment, stdout=log, stderr=log)

    def _note_time(self, process: subprocess.Popen[bytes]) -> None:
        spent = psutil.Process(process.pid).cpu_times()
        self.processor_seconds += spent.user + spent.system


def customers(stage: Stage, rate: float, seconds: float, came: Any) -> None:
    """Open contacts at random instants in all queues; sends back when each was there for the dispatcher to see."""
    _django()
    from heartline.common.actors import Actor
    from heartline.conversations.actions.contacts import ContactRequest, open_contact
    from heartline.customers.models import Customer
    from heartline.people.models import Queue

    rng = random.Random(26)
    queues = list(Queue.objects.filter(id__in=stage.queue_ids).select_related("brand").order_by("id"))
    known = list(Customer.objects.order_by("id"))
    opened: dict[int, float] = {}
    began = due = time.time()
    for customer in known:
        due += rng.expovariate(rate)
        if due > began + seconds:
            break
        time.sleep(max(0.0, due - time.time()))
        needs = {"language": "en", "skills": {}}
        request = ContactRequest(
            customer=customer,
            queue=rng.choice(queues),
            channel="webchat",
            language="en",
            text="Hello",
            client_key="hello",
            needs=needs,
        )
        contact = open_contact(request, by=Actor.customer(customer.id, ""), now=datetime.now(UTC))
        opened[contact.id] = time.time()
    came.send((opened, time.process_time()))


class Agents:
    """Everybody who serves: hears offers, takes each a moment later, ends it and wraps it up."""

    def __init__(self) -> None:
        self.seen: dict[int, float] = {}
        self.refused: Counter[str] = Counter()
        self._rng = random.Random(62)
        self._due: list[tuple[float, int]] = []
        self._talking: list[tuple[float, int]] = []
        self._lock = threading.Condition()
        self._last = 0
        self._known: set[int] = set()
        self._stay_again = 0.0

    def listen_until(self, stop: Any) -> None:
        """Read what is offered whenever the ledger grows."""
        from heartline.ledger.tail import Tail

        tail = Tail()
        pool = ThreadPoolExecutor(HANDS)
        hands = [pool.submit(self._work_until, stop) for _ in range(HANDS)]
        while not stop.is_set():
            tail.wait(0.1)
            self._hear()
            self._finish_due()
            self._stay()
        for hand in hands:
            hand.result()
        tail.close()

    def _hear(self) -> None:
        from heartline.routing.models import Offer

        pending = Offer.objects.filter(id__gt=self._last - 200, state="pending").order_by("id")
        rows = list(pending.values_list("id", "contact_id"))
        when = time.time()
        for offer, contact in rows:
            self.seen.setdefault(contact, when)
            if offer not in self._known:
                self._known.add(offer)
                self._plan(self._rng.uniform(0.3, 1.5), offer)
            self._last = max(self._last, offer)

    def _stay(self) -> None:
        """Be seen, as people whose streams are open are."""
        from heartline.people.models import Presence

        if time.monotonic() > self._stay_again:
            Presence.objects.update(seen_at=datetime.now(UTC))
            self._stay_again = time.monotonic() + 20

    def _plan(self, seconds: float, offer_id: int) -> None:
        with self._lock:
            heapq.heappush(self._due, (time.time() + seconds, offer_id))
            self._lock.notify()

    def _work_until(self, stop: Any) -> None:
        while not stop.is_set():
            with self._lock:
                left = self._due[0][0] - time.time() if self._due else 0.2
                if left > 0:
                    self._lock.wait(min(left, 0.2))
                    continue
                _when, offer_id = heapq.heappop(self._due)
            self._accept(offer_id)

    def _accept(self, offer_id: int) -> None:
        from heartline.common.errors import HeartlineError
        from heartline.people.actions import actor_for
        from heartline.routing.actions import accept_offer
        from heartline.routing.models import Offer

        person = Offer.objects.select_related("person").get(id=offer_id).person
        try:
            contact = accept_offer(offer_id, person, by=actor_for(person), now=datetime.now(UTC))
        except HeartlineError as refusal:
            self.refused[refusal.code] += 1
        else:
            heapq.heappush(self._talking, (time.time() + self._rng.uniform(3, 6), contact.id))

    def _finish_due(self) -> None:
        """End and wrap up, all at once, what has been in hand long enough; each is an event that wakes the dispatcher."""
        from django.db.models import F

        from heartline.common.actors import Actor
        from heartline.conversations.models import Assignment, Contact
        from heartline.ledger.actions import one_change, record_all

        now, over = time.time(), set[int]()
        while self._talking and self._talking[0][0] <= now:
            over.add(heapq.heappop(self._talking)[1])
        if not over:
            return
        moment = datetime.now(UTC)
        with one_change():
            ended = Contact.objects.filter(id__in=over)
            ended.update(state="ended", ended_at=moment, closed_at=moment, version=F("version") + 1)
            Assignment.objects.filter(contact__in=over, ended_at=None).update(ended_at=moment)
            record_all([(_finished(contact), False) for contact in ended], by=Actor.system("benchmark"), now=moment)


def _finished(contact: Any) -> Any:
    from heartline.conversations.events import ContactFinished

    return ContactFinished(
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        channel=contact.channel,
        person_id=contact.assignee_id,
        wrap_up_ms=0,
        reason_id=1,
        resolution="solved",
        root_cause="",
        has_expectation_gap=False,
    )


def agents(stop: Any, heard: Any) -> None:
    """Serve until told to stop; sends back when each contact was first seen to be offered."""
    _django()
    everybody = Agents()
    everybody.listen_until(stop)
    heard.send((everybody.seen, dict(everybody.refused), time.process_time()))


def main() -> None:
    """Measure, count, print."""
    options = _options()
    print(describe())
    with Installation(options.database) as house:
        house.start()
        house.stop()
        house.django()
        os.environ.update(house.environment)
        stage = set_stage(teams=options.agents // TEAM, agents_each=TEAM, chats_each=0, capacity=CAPACITY)
        _make_customers(int(options.rate * options.seconds * 1.5) + 100)
        opened, seen, works = _run(house, stage, options)
        _print(opened, seen, works, options)
        problems = _count(opened)
        print(f"contacts {len(opened)} kills {works.kills} " + " ".join(f"{k} {n}" for k, n in problems.items()))
    sys.exit(1 if any(problems.values()) else 0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="postgresql")
    parser.add_argument("--rate", type=float, default=50, help="contacts that come in a second")
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--kill-every", type=float, default=0, help="seconds between two kills; 0 kills nobody")
    return parser.parse_args()


def _run(
    house: Installation, stage: Stage, options: argparse.Namespace
) -> tuple[dict[int, float], dict[int, float], Works]:
    from heartline.conversations.models import Contact

    works = Works(house, 2 if options.kill_every else 1)
    spawn = multiprocessing.get_context("spawn")
    stop = spawn.Event()
    heard, tell_heard = spawn.Pipe(duplex=False)
    came, tell_came = spawn.Pipe(duplex=False)
    serving = spawn.Process(target=agents, args=(stop, tell_heard))
    serving.start()
    time.sleep(6)  # everybody has started
    asking = spawn.Process(target=customers, args=(stage, options.rate, options.seconds, tell_came))
    asking.start()
    while not came.poll(options.kill_every or None):
        works.kill_holder()
    opened, asking_seconds = came.recv()
    until = time.monotonic() + SETTLE
    while Contact.objects.exclude(state="ended").exists() and time.monotonic() < until:
        time.sleep(0.5)
    stop.set()
    seen, refused, serving_seconds = heard.recv()
    works.stop()
    print(
        f"processor seconds: work {works.processor_seconds:.1f}, customers {asking_seconds:.1f}, "
        f"agents {serving_seconds:.1f}; refused {refused or 'none'}"
    )
    return opened, seen, works


def _print(opened: dict[int, float], seen: dict[int, float], works: Works, options: argparse.Namespace) -> None:
    ms = [(seen[one] - when) * 1000 for one, when in opened.items() if one in seen]
    print(
        f"{options.agents} agents, {options.rate:g} contacts a second, {options.database}: offered after "
        f"p50 {percentile(ms, 0.5):.1f} ms   p99 {percentile(ms, 0.99):.1f} ms   longest {max(ms):.1f} ms   n {len(ms)}"
    )
    if works.gaps:
        print(f"another dispatched {percentile(works.gaps, 0.5):.1f} s after a kill, at most {max(works.gaps):.1f} s")


def _count(opened: dict[int, float]) -> Counter[str]:
    """Compare who came with who was answered, in the tables and in the ledger."""
    from heartline.conversations.models import Assignment, Contact
    from heartline.ledger.models import Entry

    answered = Counter(Assignment.objects.values_list("contact_id", flat=True))
    told = Counter(Entry.objects.filter(kind="conversations.contact_answered").values_list("contact_id", flat=True))
    return Counter(
        lost=sum(answered[one] == 0 or told[one] == 0 for one in opened),
        doubled=sum(max(answered[one], told[one]) > 1 for one in opened),
        waiting=Contact.objects.filter(state="waiting").count(),
    )


def _make_customers(count: int) -> None:
    from heartline.customers.models import Customer

    now = datetime.now(UTC)
    Customer.objects.bulk_create(Customer(name=f"Customer {n}", language="en", created_at=now) for n in range(count))


def _django() -> None:
    import django

    django.setup()


if __name__ == "__main__":
    main()
