"""Keeps the counts of hours: what is settled is counted once, the last day again and again as it is answered.

The figures are those of the catalogue, made from the same facts, so that an hour on the floor and the day's figures agree.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from heartline.insight.catalogue import BY_ID
from heartline.insight.facts import LIVE, ContactFact, milliseconds
from heartline.insight.measures import measure
from heartline.insight.today import STORE, recompute
from heartline.ledger.actions import one_change
from heartline.people.models import Queue
from heartline.service.floor.models import Counted, HourCount
from heartline.service.floor.rules import HOUR, LOOK_BACK, MOST_WEEKS, Hour, hour_of

# So long after it was asked, a contact still changes the count of its hour.
OPEN = timedelta(hours=26)
DAY = timedelta(days=1)
FIRST_LOOK = timedelta(days=7 * MOST_WEEKS + 1)
# A house that was counted never, or not for weeks, is counted day by day and not all at once.
DAYS_AT_ONCE = 7


def count_hours(*, now: datetime) -> int:
    """Bring the counts up to date and forget what nobody compares with any more; returns how many hours were written."""
    latest = (now - OPEN).astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    mark = Counted.objects.filter(id=1).first()
    start, written = (mark.upto if mark else latest - FIRST_LOOK), 0
    for _day in range(DAYS_AT_ONCE):
        if start >= latest:
            break
        end = min(start + DAY, latest)
        facts = recompute(start - HOUR, end + HOUR).values()  # where an hour begins at half past, it lies across
        written += _keep(facts, start, end, now)
        start = end
    if start >= latest:
        written += _keep(STORE.facts(now).values(), latest, now + HOUR, now)
    Counted.objects.update_or_create(id=1, defaults={"upto": start})
    HourCount.objects.filter(starts_at__lt=now - LOOK_BACK - DAY).delete()
    return written


def hour_from(facts: Iterable[ContactFact], now: datetime) -> Hour:
    """Return the count of some contacts as it stands now; who still waits has waited until now."""
    facts = list(facts)
    level = measure(BY_ID["service_level"], facts)
    return Hour(
        offered=sum(not fact.continues for fact in facts),
        answered=measure(BY_ID["answered"], facts).n,
        judged=level.n,
        in_time=level.hits,
        longest_seconds=max((_waited(fact, now) for fact in facts), default=0),
    )


def _keep(facts: Iterable[ContactFact], start: datetime, end: datetime, now: datetime) -> int:
    zones = dict(Queue.objects.values_list("id", "brand__site__time_zone"))
    hours: dict[tuple[int, str, datetime], list[ContactFact]] = defaultdict(list)
    for fact in facts:
        if fact.queue_id in zones:
            hours[fact.queue_id, fact.channel, hour_of(fact.opened_at, zones[fact.queue_id])].append(fact)
    rows = [_row(key, hour_from(found, now)) for key, found in hours.items() if start <= key[2] < end]
    with one_change():
        HourCount.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["queue", "channel", "starts_at"],
            update_fields=["offered", "answered", "judged", "in_time", "longest_seconds"],
        )
    return len(rows)


def _row(key: tuple[int, str, datetime], hour: Hour) -> HourCount:
    queue_id, channel, starts_at = key
    return HourCount(
        queue_id=queue_id,
        channel=channel,
        starts_at=starts_at,
        offered=hour.offered,
        answered=hour.answered,
        judged=hour.judged,
        in_time=hour.in_time,
        longest_seconds=hour.longest_seconds,
    )


def _waited(fact: ContactFact, now: datetime) -> int:
    """Only who stays and waits has a wait that says something of an hour."""
    if fact.channel not in LIVE:
        return 0
    waited = fact.left_after_ms if fact.wait_ms is None else fact.wait_ms
    return (milliseconds(fact.asked_at, now) if waited is None else waited) // 1000
