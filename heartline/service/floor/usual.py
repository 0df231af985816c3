"""Today against usual for this hour: what came to each queue so far, beside the same hour of the last weeks."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db.models import Min

from heartline.insight.queries import DayOfWork
from heartline.people.models import Holiday, Queue
from heartline.service.floor.counting import hour_from
from heartline.service.floor.models import HourCount
from heartline.service.floor.queues import QueueLine
from heartline.service.floor.rules import HOUR, Hour, Usual, hour_of, same_hours, usual

Line = tuple[int, str]
# What is usual for an hour changes only when counts are mended: it is kept in memory for so long.
KEPT = timedelta(minutes=5)


@dataclass(frozen=True)
class HourLine:
    """A queue on a channel in this hour of its clock so far; `usual` is None when there are not enough weeks."""

    queue_id: int
    channel: str
    name: str
    channel_name: str
    is_live: bool
    time_zone: str
    starts_at: datetime
    ends_at: datetime
    so_far: Hour
    usual: Usual | None
    weeks: int

    @property
    def more_came(self) -> bool:
        """Whether more have asked already than in this whole hour of any of the weeks."""
        return self.usual is not None and self.so_far.offered > self.usual.offered.high

    @property
    def longer_waited(self) -> bool:
        """Whether somebody has waited longer than anybody in this hour of any of the weeks."""
        return self.is_live and self.usual is not None and self.so_far.longest_seconds > self.usual.longest.high


def hour_lines(lines: Iterable[QueueLine], work: DayOfWork, now: datetime) -> tuple[HourLine, ...]:
    """Return this hour of each line of the floor; one query for all of them, and none while it is kept in memory."""
    known = KNOWN.at(now)
    return tuple(_line(line, work, known, now) for line in lines)


class Known:
    """The same hours of other weeks, for every queue, kept for a few minutes. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._slot: datetime | None = None
        self._weeks: dict[Line, list[Hour]] = {}

    def at(self, now: datetime) -> dict[Line, list[Hour]]:
        """Return the hours to compare with at a moment."""
        slot = datetime.fromtimestamp(now.timestamp() // KEPT.total_seconds() * KEPT.total_seconds(), UTC)
        with self._lock:
            if self._slot != slot:
                self._weeks, self._slot = _weeks(now), slot
            return self._weeks

    def forget(self) -> None:
        """Read anew at the next asking."""
        self._slot = None


KNOWN = Known()


def _weeks(now: datetime) -> dict[Line, list[Hour]]:
    """Return the hours of all lines: an hour without a row was empty, unless the line was not there yet."""
    starts = _starts(now)
    wanted = {start for found in starts.values() for start in found}
    rows: dict[Line, dict[datetime, Hour]] = defaultdict(dict)
    for row in HourCount.objects.filter(starts_at__in=wanted):
        hour = Hour(row.offered, row.answered, row.judged, row.in_time, row.longest_seconds)
        rows[row.queue_id, row.channel][row.starts_at] = hour
    firsts = HourCount.objects.values_list("queue_id", "channel").annotate(first=Min("starts_at"))
    return {
        (queue_id, channel): [
            rows[queue_id, channel].get(start, Hour()) for start in starts.get(queue_id, []) if start >= first
        ]
        for queue_id, channel, first in firsts
    }


def _starts(now: datetime) -> dict[int, list[datetime]]:
    holidays: dict[int, dict[date, int | None]] = defaultdict(dict)
    for brand_id, day, like in Holiday.objects.values_list("brand_id", "date", "works_like_weekday"):
        holidays[brand_id][day] = like
    queues = Queue.objects.values_list("id", "brand_id", "brand__site__time_zone")
    return {id: same_hours(now, zone, holidays[brand_id]) for id, brand_id, zone in queues}


def _line(line: QueueLine, work: DayOfWork, known: dict[Line, list[Hour]], now: datetime) -> HourLine:
    zone = work.queues[line.queue_id].time_zone
    start = hour_of(now, zone)
    facts = [fact for fact in work.of(queue_id=line.queue_id, channel=line.channel) if fact.opened_at >= start]
    weeks = known.get((line.queue_id, line.channel), [])
    return HourLine(
        queue_id=line.queue_id,
        channel=line.channel,
        name=line.name,
        channel_name=line.channel_name,
        is_live=line.is_live,
        time_zone=zone,
        starts_at=start,
        ends_at=start + HOUR,
        so_far=hour_from(facts, now),
        usual=usual(weeks),
        weeks=len(weeks),
    )
