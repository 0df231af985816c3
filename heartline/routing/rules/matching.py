"""Who takes what: the first in the order gets, of the people who fit and are free, whoever has gone longest without one.

Work that nobody can take now never holds up the work behind it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from heartline.routing.rules.ranking import in_order, rank
from heartline.routing.rules.situation import Reason, Reasons, Server, Work

OFFER_CODES = frozenset({"asked_for", "pinned", "helped_last_time", "knows_skill", "speaks_language", "longest_without"})


@dataclass(frozen=True, slots=True)
class Match:
    """This work should be offered to this person, for these reasons: why them, then why this."""

    work_id: int
    person_id: int
    reasons: Reasons


def decide(works: Iterable[Work], servers: Iterable[Server], now: datetime) -> list[Match]:
    """Return who should be offered what now. The order of the arguments' items does not matter."""
    hall = _Hall(servers, now)
    matches = []
    for work in in_order((work for work in works if not work.offered_to and not work.is_held_back(now)), now):
        found = hall.take_for(work)
        if found:
            server, why = found
            matches.append(Match(work.id, server.id, (*_reasons(work, why), *rank(work, now).reasons())))
    return matches


def person_waited_for(work: Work, people: dict[int, Server], now: datetime) -> Server | None:
    """Return the person that work is kept for: signed in, within the time, and not passed over.

    A supervisor's pin goes before what a colleague asked for by name.
    """
    pinned = people.get(work.pinned_to or 0)
    if pinned and work.pinned_until and now < work.pinned_until and not work.passes_over(pinned.id, now):
        return pinned
    if work.preferred is None or work.preferred_until is None or now >= work.preferred_until:
        return None
    named = people.get(work.preferred)
    return None if named is None or work.passes_over(named.id, now) else named


class _Hall:
    """Everybody who serves, and who of them is still free in this decision.

    Free people stand in one row per queue, channel and language, in the order of fairness. A row only shrinks, so
    a demand that nobody met is not looked for again: the cost grows with work plus people, not with their product.
    """

    def __init__(self, servers: Iterable[Server], now: datetime) -> None:
        self._now = now
        self._people = {server.id: server for server in servers}
        self._taken: set[int] = set()
        self._rows: dict[tuple[int, str, str], deque[Server]] = defaultdict(deque)
        self._unmet: set[tuple[object, ...]] = set()
        for server in sorted(self._people.values(), key=_longest_without):
            for row in _rows_of(server):
                self._rows[row].append(server)

    def take_for(self, work: Work) -> tuple[Server, str] | None:
        """Return the person who should get work, no longer free in this decision, and what chose them."""
        found = self._choose(work)
        if found:
            self._taken.add(found[0].id)
        return found

    def _choose(self, work: Work) -> tuple[Server, str] | None:
        named = person_waited_for(work, self._people, self._now)
        if named:  # whoever handed it over chose them: neither queue nor skills are asked again
            why = "pinned" if named.id == work.pinned_to else "asked_for"
            return (named, why) if self._is_free(named, work) else None
        known = self._people.get(work.last_served_by or 0)
        if known and known.fits(work) and self._is_free(known, work) and not work.passes_over(known.id, self._now):
            return known, "helped_last_time"
        stranger = self._first_in_row(work)
        return (stranger, "longest_without") if stranger else None

    def _first_in_row(self, work: Work) -> Server | None:
        demand = (work.queue_id, work.channel, work.language, work.skills)
        if demand in self._unmet:
            return None
        anybody = False
        for server in self._standing(work):
            if all(server.knows(*skill) for skill in work.skills):
                anybody = True
                if not work.passes_over(server.id, self._now):
                    return server
        if not anybody:
            self._unmet.add(demand)
        return None

    def _standing(self, work: Work) -> Iterator[Server]:
        row = self._rows.get((work.queue_id, work.channel, work.language), deque())
        while row and row[0].id in self._taken:
            row.popleft()
        return (server for server in row if server.id not in self._taken)

    def _is_free(self, server: Server, work: Work) -> bool:
        return server.id not in self._taken and server.can_be_offered(work.channel)


def _rows_of(server: Server) -> Iterator[tuple[int, str, str]]:
    for channel in server.limits:
        if server.can_be_offered(channel):
            for queue in server.queues:
                yield from ((queue, channel, language) for language in {"", *server.languages})


def _longest_without(server: Server) -> tuple[float, int]:
    """Order people by when they were last offered anything; who never was comes first, ties go by id."""
    last = server.last_offered_at
    return (last.timestamp() if last else float("-inf"), server.id)


def _reasons(work: Work, why: str) -> Reasons:
    if why in ("asked_for", "pinned"):
        return ((why, {}),)
    fitting: list[Reason] = [("knows_skill", {"skill": key, "level": level}) for key, level in work.skills]
    if work.language:
        fitting.append(("speaks_language", {"language": work.language}))
    return ((why, {}), *fitting) if why == "helped_last_time" else (*fitting, (why, {}))
