"""Who takes what: the first in the order gets, of the people who fit and are free, whoever the queue's way chooses.

Work that nobody can take now never holds up the work behind it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from heartline.routing.rules.hall import OFFER_CODES, Hall, Match
from heartline.routing.rules.marks import Lent
from heartline.routing.rules.plan import DEFAULT, Plan
from heartline.routing.rules.situation import Server, Work
from heartline.routing.rules.steps import person_waited_for

__all__ = ["OFFER_CODES", "Match", "decide", "person_waited_for"]


def decide(
    works: Iterable[Work],
    servers: Iterable[Server],
    now: datetime,
    plan: Plan = DEFAULT,
    lent: Lent = frozenset(),
) -> list[Match]:
    """Return who should be offered what now. The order of the arguments' items does not matter."""
    works = [work for work in works if not work.offered_to]
    if not works:
        return []
    hall = Hall(plan, lent)
    for server in servers:
        hall.put_person(server, now)
    for work in works:
        hall.put_work(work, now)
    return hall.decide(now)
