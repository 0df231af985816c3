"""Writes down which queues are helped by which, so that every process and every replay knows the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, F, Min, Q, When

from heartline.common.actors import Actor
from heartline.conversations.models import Contact
from heartline.ledger.actions import one_change, record
from heartline.routing import rules
from heartline.routing.events import BorrowingChanged
from heartline.routing.models import Borrowing
from heartline.routing.rules.lending import Health, lent_now
from heartline.routing.rules.marks import Lent


def lent() -> Lent:
    """Return which queues are helped by which just now."""
    return frozenset(Borrowing.objects.values_list("borrower_id", "lender_id"))


def follow_borrowing(
    plan: rules.Plan, standing: Lent, servers: Iterable[rules.Server], *, by: Actor, now: datetime
) -> Lent:
    """Let help come and go as the plan says; returns who helps whom from now on. Without rules it asks nothing."""
    if not standing and not any(way.borrow for way in plan.queues.values()):
        return standing
    wanted = lent_now(plan, standing, _health(servers, now))
    for borrower, lender in sorted(wanted - standing):
        _begin(borrower, lender, by=by, now=now)
    for borrower, lender in sorted(standing - wanted):
        _end(borrower, lender, by=by, now=now)
    return wanted


def _health(servers: Iterable[rules.Server], now: datetime) -> dict[int, Health]:
    free: Counter[int] = Counter()
    for server in servers:
        if any(server.can_be_offered(channel) for channel in server.limits):
            free.update(server.queues)
    held_back = Q(channel__in=rules.HELD_BACK_CHANNELS)
    since = Case(When(held_back & Q(due_at__gt=F("asked_at")), then=F("due_at")), default=F("asked_at"))
    waiting = Contact.objects.filter(state="waiting").exclude(held_back & Q(due_at__gt=now))
    waits = waiting.values_list("queue_id").annotate(since=Min(since)).order_by()
    longest = {queue: (now - first).total_seconds() for queue, first in waits if first}
    return {queue: Health(longest.get(queue, 0.0), free[queue]) for queue in free.keys() | longest.keys()}


def _begin(borrower: int, lender: int, *, by: Actor, now: datetime) -> None:
    with one_change():
        _row, is_new = Borrowing.objects.get_or_create(borrower_id=borrower, lender_id=lender, defaults={"since": now})
        if is_new:
            _tell(borrower, lender, True, by=by, now=now)


def _end(borrower: int, lender: int, *, by: Actor, now: datetime) -> None:
    with one_change():
        if Borrowing.objects.filter(borrower=borrower, lender=lender).delete()[0]:
            _tell(borrower, lender, False, by=by, now=now)


def _tell(borrower: int, lender: int, is_on: bool, *, by: Actor, now: datetime) -> None:
    event = BorrowingChanged(borrower_id=borrower, lender_id=lender, is_on=is_on)
    record(event, by=by, now=now, sample=False)
