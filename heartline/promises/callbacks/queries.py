"""Reading about calls we owe: how much room there is for them, how each stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Sum

from heartline.conversations.models import Case, Contact
from heartline.people.models import Person, Queue
from heartline.people.permissions import ROLES_WITH
from heartline.promises.callbacks.models import Call, Try
from heartline.promises.callbacks.rules import ENOUGH_HISTORY, SLOT, room
from heartline.promises.models import FollowUp
from heartline.routing.waits.models import HalfHour
from heartline.routing.waits.rules import half_hour_of, same_half_hours


def rooms(
    queue: Queue, starts: Iterable[datetime], now: datetime, *, but_not: Contact | None = None
) -> dict[datetime, int]:
    """Return how many more calls each half hour takes, in four questions however many are asked about."""
    wanted = list(starts)
    if not wanted:
        return {}
    usual = _usual(queue, wanted, now)
    booked = _booked(queue, wanted, but_not)
    people = _who_call(queue) if usual is None else 0
    return {
        start: room(usual=None if usual is None else usual[start], people=people, booked=booked[half_hour_of(start)])
        for start in wanted
    }


def call_of(contact: Contact) -> Call | None:
    """Return what is special about a contact by which we call; None for any other."""
    return Call.objects.filter(contact=contact).select_related("contact").first()


def open_call(case: Case) -> Call | None:
    """Return the call that is owed in a case and not made yet."""
    live = Call.objects.filter(contact__case=case, state="open", contact__state__in=("waiting", "active"))
    return live.select_related("contact", "contact__queue", "contact__case", "contact__customer").first()


def tries_of(call: Call) -> list[Try]:
    """Return the attempts at a call, in order."""
    return list(call.attempts.select_related("person"))


def owed_for(contact: Contact) -> FollowUp | None:
    """Return the follow-up by which the call of a contact is owed."""
    return FollowUp.objects.filter(case=contact.case_id, kind="callback", state="open").first()


def _usual(queue: Queue, starts: list[datetime], now: datetime) -> dict[datetime, float] | None:
    """Return how many contacts of a queue are served in these half hours in an average week; None without history."""
    zone = Queue.objects.values_list("brand__site__time_zone", flat=True).get(id=queue.id)
    like = {start: same_half_hours(start, zone) for start in starts}
    served: Counter[datetime] = Counter()
    rows = HalfHour.objects.filter(queue=queue).order_by()
    if (rows.aggregate(all=Sum("served"))["all"] or 0) < ENOUGH_HISTORY:
        return None
    first = rows.order_by("starts_at").values_list("starts_at", flat=True)[0]
    seen = rows.filter(starts_at__in={moment for moments in like.values() for moment in moments})
    for starts_at, count in seen.values_list("starts_at", "served"):
        served[starts_at] += count
    return {start: _mean([served[one] for one in moments if first <= one <= now]) for start, moments in like.items()}


def _mean(counts: list[int]) -> float:
    return sum(counts) / len(counts) if counts else 1.0


def _booked(queue: Queue, starts: list[datetime], but_not: Contact | None) -> Counter[datetime]:
    agreed = Call.objects.filter(state="open", contact__queue=queue, contact__state__in=("waiting", "active"))
    if but_not:
        agreed = agreed.exclude(contact=but_not)
    within = agreed.filter(slot_at__gte=min(starts), slot_at__lt=max(starts) + SLOT)
    return Counter(half_hour_of(at) for at in within.values_list("slot_at", flat=True) if at)


def _who_call(queue: Queue) -> int:
    """Return how many people take calls of a queue."""
    serving = Person.objects.filter(is_active=True, role__in=ROLES_WITH["contact.serve"], teams__queues=queue)
    return serving.filter(capacities__channel="callback", capacities__limit__gt=0).distinct().count()
