"""Counts half hours from the ledger: what is settled once, what is still going on again and again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from heartline.ledger.actions import one_change
from heartline.ledger.queries import Recorded, read_day
from heartline.people.models import Queue
from heartline.routing.waits.models import Counted, HalfHour
from heartline.routing.waits.rules import HALF_HOUR, WEEKS, half_hour_of

ANSWERED, LEFT = "conversations.contact_answered", "conversations.contact_abandoned"
ENDED, FINISHED = "conversations.contact_ended", "conversations.contact_finished"
KINDS = frozenset({ANSWERED, LEFT, ENDED, FINISHED})
# What is written this long after its moment is not looked for any more.
SETTLED_AFTER = timedelta(minutes=10)
KEPT = timedelta(weeks=WEEKS + 1)
# A house that was never counted is counted some days at a time, the newest of all are always there.
AT_ONCE = timedelta(days=3)

Key = tuple[int, str, datetime]


@dataclass(slots=True)
class Sums:
    """What half an hour of a line adds up to."""

    answered: int = 0
    left: int = 0
    served: int = 0
    served_ms: int = 0

    def add(self, told: Recorded) -> None:
        """Add what one event tells. A place is taken from the answer to the end of the wrap-up."""
        if told.kind == ANSWERED:
            self.answered += bool(told.body["first"])
        elif told.kind == LEFT:
            self.left += told.body["how"] != "callback"
        elif told.kind == ENDED:
            self.served, self.served_ms = self.served + 1, self.served_ms + told.body["held_ms"]
        else:
            self.served_ms += told.body["wrap_up_ms"]


def count_half_hours(*, now: datetime) -> int:
    """Bring the half hours up to date and forget those nobody asks for; returns how many were written."""
    mark = Counted.objects.filter(id=1).first()
    start = max(mark.upto, half_hour_of(now) - KEPT) if mark else half_hour_of(now) - KEPT
    latest, written = half_hour_of(now - SETTLED_AFTER), 0
    end = min(start + AT_ONCE, latest)
    with one_change():
        if start < end:
            written += _write(read_day(start, end, KINDS))
        written += _write(read_day(max(end, latest), now + HALF_HOUR, KINDS))
        Counted.objects.update_or_create(id=1, defaults={"upto": max(start, end)})
        HalfHour.objects.filter(starts_at__lt=now - KEPT).delete()
    return written


def _write(told: Iterable[Recorded]) -> int:
    sums: dict[Key, Sums] = defaultdict(Sums)
    for one in told:
        key = (one.body["queue_id"], one.body["channel"], half_hour_of(one.at.astimezone(UTC)))
        sums[key].add(one)
    known = set(Queue.objects.values_list("id", flat=True))
    rows = [_row(key, found) for key, found in sums.items() if key[0] in known]
    HalfHour.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["queue", "channel", "starts_at"],
        update_fields=["answered", "left", "served", "served_seconds"],
    )
    return len(rows)


def _row(key: Key, found: Sums) -> HalfHour:
    queue_id, channel, starts_at = key
    return HalfHour(
        queue_id=queue_id,
        channel=channel,
        starts_at=starts_at,
        answered=found.answered,
        left=found.left,
        served=found.served,
        served_seconds=round(found.served_ms / 1000),
    )
