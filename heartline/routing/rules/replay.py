"""A day again: arrivals, people and a plan go in, and what the rules would have made of it comes out.

The same hall decides as when it was live. Nothing here is drawn by chance: how long somebody is patient and how long
they are served comes with each arrival, so that two plans are compared on the same day.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from heartline.routing.rules.hall import Hall
from heartline.routing.rules.lending import Health, lent_now
from heartline.routing.rules.marks import Lent
from heartline.routing.rules.plan import DEFAULT, Plan
from heartline.routing.rules.situation import Server, Work

K = TypeVar("K")
# At one moment hands fall free first, then people come, then who waits gives up, then customers come, people go last.
_DONE, _BEGIN, _LEAVE, _ARRIVE, _END, _LOOK, _TIME = range(7)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A contact of the day: how long it is served for once somebody has it, and how long the customer waits at most."""

    work: Work
    served: float
    patience: float | None = None


@dataclass(frozen=True, slots=True)
class Shift:
    """A person who is there from one moment to another; what they have in hand at the end they finish."""

    server: Server
    begins: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a contact: served by somebody from a moment on, or the customer left then, or it still waits."""

    work: Work
    person_id: int | None = None
    at: datetime | None = None
    left: bool = False

    @property
    def waited(self) -> float:
        """How long they waited, until served or gone, in seconds."""
        return (self.at - self.work.asked_at).total_seconds() if self.at else 0.0


@dataclass(slots=True)
class Day:
    """A replay under way. Every `looks` seconds queues may come to help each other."""

    plan: Plan
    looks: float = 5.0
    goes_on: Callable[[datetime], bool] = lambda _now: True
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    _hall: Hall = field(init=False)
    _lent: Lent = frozenset()
    _events: list[tuple[datetime, int, int]] = field(default_factory=list)
    _arrivals: dict[int, Arrival] = field(default_factory=dict)
    _shifts: list[Shift] = field(default_factory=list)
    _people: dict[int, Server] = field(default_factory=dict)
    _waiting: dict[int, Work] = field(default_factory=dict)
    _served: dict[int, int] = field(default_factory=dict)
    _ends: dict[int, datetime] = field(default_factory=dict)
    _look_at: datetime | None = None
    _to_come: int = 0

    def __post_init__(self) -> None:
        self._hall = Hall(self.plan)

    def run(self, arrivals: Iterable[Arrival], shifts: Iterable[Shift]) -> list[Outcome]:
        """Return what became of each contact, in the order in which they came."""
        for one in arrivals:
            self._arrivals[one.work.id] = one
            self._add(one.work.asked_at, _ARRIVE, one.work.id)
        for place, shift in enumerate(shifts):
            self._shifts.append(shift)
            self._add(shift.begins, _BEGIN, place)
            self._add(shift.ends, _END, place)
        if self._events and any(way.borrow for way in self.plan.queues.values()):
            self._add(self._events[0][0], _LOOK, 0)
        while self._events and self.goes_on(self._events[0][0]):
            self._step()
        return [self.outcomes[id] for id in sorted(self.outcomes, key=self._came)]

    def _came(self, id: int) -> tuple[datetime, int]:
        return self._arrivals[id].work.asked_at, id

    def _step(self) -> None:
        """Let everything happen that happens at one moment, then decide."""
        now = self._events[0][0]
        while self._events and self._events[0][0] == now:
            _now, kind, id = heapq.heappop(self._events)
            self._to_come -= kind < _LOOK
            self._happen(kind, id, now)
        while matches := self._hall.decide(now):  # nobody is offered two at once, but two may be free for them
            for match in matches:
                self._serve(match.work_id, match.person_id, now)
        moment = self._hall.next_moment() if self._waiting and self._to_come else None
        if moment and (self._look_at is None or moment < self._look_at or self._look_at <= now):
            self._look_at = moment
            self._add(moment, _TIME, 0)

    def _happen(self, kind: int, id: int, now: datetime) -> None:
        if kind == _ARRIVE:
            self._arrive(self._arrivals[id], now)
        elif kind == _DONE:
            self._finish(id, now)
        elif kind == _LEAVE and id in self._waiting:
            self.outcomes[id] = Outcome(self._waiting.pop(id), at=now, left=True)
            self._hall.drop_work(id)
        elif kind == _BEGIN:
            shift = self._shifts[id]
            self._ends[shift.server.id] = max(shift.ends, self._ends.get(shift.server.id, shift.ends))
            known = self._people.get(shift.server.id, shift.server)
            self._put(replace(known, available=True), now)
        elif kind == _END:
            self._go(self._shifts[id].server.id, now)
        elif kind == _LOOK:
            self._look(now)

    def _arrive(self, arrival: Arrival, now: datetime) -> None:
        work = arrival.work
        self.outcomes[work.id] = Outcome(work)
        self._waiting[work.id] = work
        self._hall.put_work(work, now)
        if arrival.patience is not None:
            self._add(now + timedelta(seconds=arrival.patience), _LEAVE, work.id)

    def _serve(self, work_id: int, person_id: int, now: datetime) -> None:
        work, server = self._waiting.pop(work_id), self._people[person_id]
        self.outcomes[work_id] = Outcome(work, person_id, now)
        self._served[work_id] = person_id
        held = _more(server.held, work.channel, 1)
        self._put(replace(server, held=held, held_of=_more(server.held_of, work.queue_id, 1), last_offered_at=now), now)
        self._add(now + timedelta(seconds=self._arrivals[work_id].served), _DONE, work_id)

    def _finish(self, work_id: int, now: datetime) -> None:
        work, server = self._arrivals[work_id].work, self._people[self._served.pop(work_id)]
        held, held_of = _more(server.held, work.channel, -1), _more(server.held_of, work.queue_id, -1)
        self._put(replace(server, held=held, held_of=held_of), now)

    def _go(self, person_id: int, now: datetime) -> None:
        if now >= self._ends[person_id]:
            self._put(replace(self._people[person_id], available=False), now)

    def _put(self, server: Server, now: datetime) -> None:
        self._people[server.id] = server
        self._hall.put_person(server, now)

    def _look(self, now: datetime) -> None:
        """Let help between queues come and go, and look again later while anything is to come."""
        lent = lent_now(self.plan, self._lent, self._health(now))
        if lent != self._lent:
            self._lent = lent
            self._hall = Hall(self.plan, lent)
            for server in self._people.values():
                self._hall.put_person(server, now)
            for work in self._waiting.values():
                self._hall.put_work(work, now)
        if self._to_come:  # somebody comes, goes or is done; without that, looking changes nothing
            self._add(now + timedelta(seconds=self.looks), _LOOK, 0)

    def _health(self, now: datetime) -> dict[int, Health]:
        free: Counter[int] = Counter()
        for server in self._people.values():
            if any(server.takes(channel, self.plan.people) for channel in server.limits):
                free.update(server.queues)
        longest: dict[int, float] = {}
        for work in self._waiting.values():
            if not work.is_held_back(now):
                waited = (now - work.waits_for_us_since).total_seconds()
                longest[work.queue_id] = max(waited, longest.get(work.queue_id, 0.0))
        return {queue: Health(longest.get(queue, 0.0), free[queue]) for queue in free.keys() | longest.keys()}

    def _add(self, moment: datetime, kind: int, id: int) -> None:
        self._to_come += kind < _LOOK
        heapq.heappush(self._events, (moment, kind, id))


def replay(
    arrivals: Iterable[Arrival],
    shifts: Iterable[Shift],
    plan: Plan = DEFAULT,
    *,
    looks: float = 5.0,
    goes_on: Callable[[datetime], bool] = lambda _now: True,
) -> list[Outcome]:
    """Return what would have become of each contact of a day by a plan, in the order in which they came.

    `goes_on` hears how far the day has come and may end it there.
    """
    return Day(plan, looks, goes_on).run(arrivals, shifts)


def _more(counts: Mapping[K, int], key: K, by: int) -> dict[K, int]:
    return {**counts, key: counts.get(key, 0) + by}
