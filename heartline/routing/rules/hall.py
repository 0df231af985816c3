"""The hall: everybody who serves and everything that waits, kept in order while both come and go.

It takes one change at a time and decides who should be offered what. What it decides depends only on who and what is
in it and on the time, never on the order in which they came; `plainly` in the tests says the same by looking at
everybody for everything. The dispatcher, the simulator and the benchmark use this one.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from heartline.routing.rules.choosing import Crowd
from heartline.routing.rules.marks import Demand, Lent, Mark, demand_for, demand_of, marks_of
from heartline.routing.rules.plan import DEFAULT, Plan
from heartline.routing.rules.ranking import SECOND, earned, micros, moment_of, rank
from heartline.routing.rules.situation import Reason, Reasons, Server, Work
from heartline.routing.rules.steps import age_of, next_change, person_kept_for, person_waited_for, place_of, step_of
from heartline.routing.rules.waiting import Line, Waiting

OFFER_CODES = frozenset(
    {
        "asked_for",
        "pinned",
        "helped_last_time",
        "owns_case",
        "knows_skill",
        "speaks_language",
        "longest_without",
        "least_loaded",
        "most_proficient",
        "helps_out",
    }
)


@dataclass(frozen=True, slots=True)
class Match:
    """This work should be offered to this person, for these reasons: why them, then why this."""

    work_id: int
    person_id: int
    reasons: Reasons


class Hall:
    """Everybody and everything, and the decisions."""

    def __init__(self, plan: Plan = DEFAULT, lent: Lent = frozenset()) -> None:
        self.plan = plan
        self._lent = lent
        self._keeps = any(step.keep_for for way in plan.ways for step in way.steps)
        self._reserves = any(way.reserved for way in plan.ways)
        self._people: dict[int, Server] = {}
        self._marks: dict[int, frozenset[Mark]] = {}
        self._works: dict[int, Work] = {}
        self._crowd = Crowd(plan)
        self._waiting = Waiting()
        self._demands: dict[tuple[object, ...], Demand] = {}
        self._asked_for: dict[int, set[int]] = {}
        self._news: dict[int, None] = {}
        self._fresh: dict[int, None] = {}
        self._taken: set[int] = set()
        self._early: set[int] = set()
        self._clock: list[tuple[int, int]] = []
        self._doors: list[tuple[int, int]] = []

    def put_person(self, server: Server, now: datetime) -> None:
        """Let somebody serve, or be as they are now."""
        before = self._people.get(server.id)
        self._taken.discard(server.id)
        if server.id in self._crowd:
            self._crowd.drop(server.id)
        self._people[server.id] = server
        self._marks[server.id] = marks = marks_of(server, self.plan, now)
        if any(mark[0] == "channel" for mark in marks):
            self._crowd.add(server, marks)
            self._fresh[server.id] = None
        if before is None or before.available != server.available or _ability(before) != _ability(server):
            self._look_again_at(self._asked_for.get(server.id, ()), now)
        if before is None or before.site != server.site:
            self._watch_doors(server.site, now)

    def drop_person(self, id: int, now: datetime) -> None:
        """Let somebody serve no more."""
        if self._people.pop(id, None):
            self._marks.pop(id)
            self._fresh.pop(id, None)
            if id in self._crowd:
                self._crowd.drop(id)
            self._look_again_at(self._asked_for.get(id, ()), now)

    def put_work(self, work: Work, now: datetime) -> None:
        """Let a contact wait, or be as it is now; one that is offered, or not to be offered yet, stands aside."""
        self._forget(work.id)
        self._works[work.id] = work
        for id in {work.pinned_to, work.preferred, work.last_served_by, work.owner} - {None}:
            self._asked_for.setdefault(id or 0, set()).add(work.id)
        self._place(work, now)

    def drop_work(self, id: int) -> None:
        """Let a contact wait no more."""
        self._forget(id)

    def decide(self, now: datetime) -> list[Match]:
        """Return who should be offered what now. Both are then out of it until they are put in again."""
        self._let_time_pass(now)
        moment = micros(now)
        lines = self._lines()
        heap = [(*head, at) for at, line in enumerate(lines) if (head := self._waiting.head(line, moment))]
        heapq.heapify(heap)
        aside, matches = [], []
        while heap and len(self._crowd):
            _value, id, at = heapq.heappop(heap)
            work = self._waiting.take(lines[at], id)
            found, anybody = self._offer(work, lines[at].demand, now)
            if found:
                matches.append(found)
            else:
                aside.append(work)
            if (found or anybody) and (head := self._waiting.head(lines[at], moment)):
                heapq.heappush(heap, (*head, at))
        for work in aside:
            self._place(work, now, is_news=False)
        self._news.clear()
        self._fresh.clear()
        return matches

    def next_moment(self) -> datetime | None:
        """Return when time alone may change what would be decided; None when it never does."""
        moments = [queue[0][0] for queue in (self._clock, self._doors) if queue]
        return moment_of(min(moments)) if moments else None

    def choose(self, work: Work, now: datetime) -> int | None:
        """Return who would get a contact if it were the only one that waits; nothing changes by asking."""
        return self._choice(work, self._asked(work, now), now)[0]

    def demand(self, work: Work, now: datetime) -> Demand:
        """Return who may take work by its step, made once for all that ask for the same."""
        way = self.plan.of(work.queue_id)
        age = age_of(work, now) if self._reserves or len(way.steps) > 1 else 0.0
        place = place_of(way, age)
        reserves = self._reserves and [
            age < other.reserved_for for other in self.plan.queues.values() if other.reserved
        ]
        key = (work.queue_id, work.channel, work.language, work.skills, place, *(reserves or ()))
        found = self._demands.get(key)
        if found is None:
            found = self._demands[key] = demand_of(work, way, way.steps[place], self.plan, self._lent, age)
        return found

    def _lines(self) -> list[Line]:
        """Return the lines to look at: of work that is new, and of what those who became free could serve."""
        if self._fresh and self._reserves:  # somebody more who is free may set others free, too
            return self._waiting.lines()
        lines = {id(line): line for work in self._news if (line := self._waiting.line_of(work))}
        for person in self._fresh:
            if person in self._crowd:
                lines |= {id(line): line for line in self._waiting.lines_for(self._marks[person])}
        return list(lines.values())

    def _offer(self, work: Work, demand: Demand, now: datetime) -> tuple[Match | None, bool]:
        """Return the match of work that is first in its line, and whether anybody could serve that line."""
        found, anybody = self._choice(work, demand, now)
        return (None if found is None else self._match(work, demand, found, now)), anybody

    def _choice(self, work: Work, demand: Demand, now: datetime) -> tuple[int | None, bool]:
        skip = [id for id in work.passed_over if work.passes_over(id, now)] if work.passed_over else ()
        known = self._known(work)
        if known and known not in skip and self._may_now(known, demand):
            return known, True
        return self._crowd.choose(demand, skip, now)

    def _known(self, work: Work) -> int:
        """Return who helped last time, where they go first."""
        return (work.last_served_by or 0) if self.plan.of(work.queue_id).known_first else 0

    def _may_now(self, id: int, demand: Demand) -> bool:
        if id not in self._crowd or not demand.is_met(self._marks[id]):
            return False
        return not demand.reserves or self._marks[id].isdisjoint(self._crowd.kept_free(demand))

    def _match(self, work: Work, demand: Demand, id: int, now: datetime) -> Match:
        server = self._people[id]
        self._crowd.drop(id)
        self._taken.add(id)
        self._forget(work.id)
        why = why_them(work, server, demand, self.plan, now)
        return Match(work.id, id, (*why, *rank(work, now, self.plan).reasons()))

    def _place(self, work: Work, now: datetime, *, is_news: bool = True) -> None:
        """Put work into the line of its demand, and remember when time alone will change that."""
        if work.offered_to:
            return
        if changes := next_change(work, self.plan, now):
            heapq.heappush(self._clock, (micros(changes), work.id))
        if now < work.asked_at:  # by another clock: until then it has waited nothing, each time it is looked at
            self._early.add(work.id)
        if work.is_held_back(now):
            return
        value, is_late = self._value(work, now)
        self._waiting.add(work, self._asked(work, now), value, is_late=is_late)
        if is_news:
            self._news[work.id] = None

    def _asked(self, work: Work, now: datetime) -> Demand:
        """Return the demand of work: for the person somebody chose, for whom its step keeps it, or for all who may."""
        named = (work.pinned_to or work.preferred) and person_waited_for(work, self._people, now)
        if named:
            key: tuple[object, ...] = ("named", named.id, work.channel)
            if key not in self._demands:
                self._demands[key] = demand_for(named.id, work.channel)
            return self._demands[key]
        demand = self.demand(work, now)
        if not self._keeps:
            return demand
        step = step_of(work, self.plan, now)
        kept = person_kept_for(work, step, demand, self._people, self.plan, now)
        if not kept:
            return demand
        key = ("kept", kept.id, id(demand))
        if key not in self._demands:
            self._demands[key] = replace(demand, all_of=(("person", kept.id), *demand.all_of), wishes=())
        return self._demands[key]

    def _value(self, work: Work, now: datetime) -> tuple[int, bool]:
        """Return what orders work among its kind, and whether it is of the kind that is late just now."""
        order = self.plan.order
        base = min(micros(work.asked_at), micros(now)) - earned(work, order)
        if work.due_at is None or now < work.due_at:
            return base, False
        most, due = order.overdue_at_most * SECOND, micros(work.due_at)
        return (base + due, True) if micros(now) - due < most else (base - most, False)

    def _let_time_pass(self, now: datetime) -> None:
        moment = micros(now)
        while self._doors and self._doors[0][0] <= moment:
            site = heapq.heappop(self._doors)[1]
            for server in [one for one in self._people.values() if one.site == site and one.id not in self._taken]:
                self.put_person(server, now)
                self._look_again_at(self._asked_for.get(server.id, ()), now)
            self._watch_doors(site, now)
        due, self._early = self._early, set()
        while self._clock and self._clock[0][0] <= moment:
            due.add(heapq.heappop(self._clock)[1])
        self._look_again_at(sorted(due), now)

    def _watch_doors(self, site: int, now: datetime) -> None:
        """Remember when a site opens or closes next."""
        calendar = self.plan.sites.get(site)
        if calendar and all(watched != site for _moment, watched in self._doors):
            moment = calendar.closing_after(now) if calendar.is_open(now) else calendar.next_opening(now)
            if moment:
                heapq.heappush(self._doors, (micros(moment), site))

    def _look_again_at(self, ids: Iterable[int], now: datetime) -> None:
        for id in list(ids):
            work = self._works.get(id)
            if work:
                self._waiting.drop(id)
                self._place(work, now)

    def _forget(self, id: int) -> None:
        work = self._works.pop(id, None)
        if work:
            self._waiting.drop(id)
            self._news.pop(id, None)
            for person in {work.pinned_to, work.preferred, work.last_served_by, work.owner} - {None}:
                self._asked_for[person or 0].discard(id)


def why_them(work: Work, server: Server, demand: Demand, plan: Plan, now: datetime) -> Reasons:
    """Return why a person was chosen for work, the most telling first."""
    if work.pinned_to == server.id and work.pinned_until and now < work.pinned_until:
        return (("pinned", {}),)
    if work.preferred == server.id and work.preferred_until and now < work.preferred_until:
        return (("asked_for", {}),)
    fitting: list[Reason] = [
        ("knows_skill", {"skill": key, "level": level}) for key, level in work.skills if server.knows(key, level)
    ]
    if work.language and server.speaks(work.language):
        fitting.append(("speaks_language", {"language": work.language}))
    if work.last_served_by == server.id and plan.of(work.queue_id).known_first:
        return (("helped_last_time", {}), *fitting)
    if work.owner == server.id and any(step.keep_for == "owner" for step in plan.of(work.queue_id).steps):
        return (("owns_case", {}), *fitting)
    if work.queue_id not in server.queues:
        return (*fitting, ("helps_out", {}))
    return (*fitting, (demand.choose if demand.skills or demand.choose != "most_proficient" else "longest_without", {}))


def _ability(server: Server) -> tuple[object, ...]:
    """Return what decides whether a person would be waited for: what they could do, not what they have in hand."""
    return (server.queues, server.languages, server.skills, server.limits, server.teams, server.site)
