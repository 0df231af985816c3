"""When people of one queue help another, and when they are let go again: never to the lender's harm, never to and fro.

Help comes at one wait and goes at a shorter one, and it comes only while the lender's own wait is at most half of what
ends it: between the two nothing changes, so that people do not come and go with every customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from heartline.routing.rules.marks import Lent
from heartline.routing.rules.plan import Borrow, Plan


@dataclass(frozen=True, slots=True)
class Health:
    """How a queue is: how long who waits longest has waited, and how many of its people are free."""

    longest: float = 0.0
    free: int = 0


def lent_now(plan: Plan, standing: Lent, health: Mapping[int, Health]) -> Lent:
    """Return which queues are helped by which from now on, as pairs of who is helped and who helps."""
    return frozenset(
        (borrower, rule.lender) for borrower, rule in _rules(plan) if _holds(borrower, rule, standing, health)
    )


def _rules(plan: Plan) -> Iterator[tuple[int, Borrow]]:
    for borrower, way in plan.queues.items():
        yield from ((borrower, rule) for rule in way.borrow)


def _holds(borrower: int, rule: Borrow, standing: Lent, health: Mapping[int, Health]) -> bool:
    own, lender = health.get(borrower, Health()), health.get(rule.lender, Health())
    if (borrower, rule.lender) in standing:
        return own.longest >= rule.stop and lender.longest <= rule.lender_wait
    is_well = lender.longest <= rule.lender_wait / 2 and lender.free >= rule.lender_free
    return own.longest >= rule.start and is_well
