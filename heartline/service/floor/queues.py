"""The queues of the floor: one line for each queue and channel, one mark for each waiting customer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from math import ceil

from heartline.insight.catalogue import BY_ID
from heartline.insight.judgement import Verdict, verdict
from heartline.insight.measures import measure
from heartline.insight.queries import DayOfWork, View
from heartline.insight.shown import Shown, shown
from heartline.people.models import Queue
from heartline.people.queries import channel_words
from heartline.service.floor.people import PersonLine
from heartline.service.floor.waits import Waiting

LIVE_CHANNEL = "webchat"
WIDTH = 250
EDGE = 6
# Minutes between the marks of the scale, so that there are at most six of them, and none touches the next.
STEPS = (1, 2, 5, 10, 15, 30, 60, 120, 240)
SHORTEST_SCALE = 3.0


@dataclass(frozen=True)
class QueueLine:
    """A queue on one channel: who waits there, the wait we told, today's share in time, and who is free for it."""

    queue_id: int
    name: str
    channel: str
    channel_name: str
    language: str
    waiting: tuple[Waiting, ...]
    told_minutes: float | None
    waits_minutes: tuple[float, ...]
    in_time: Shown
    aim: float
    verdict: Verdict
    free: int
    able: int
    next_due: datetime | None
    paused_until: datetime | None = None

    @property
    def is_live(self) -> bool:
        """Whether its customers stay and wait, so that minutes matter."""
        return self.channel == LIVE_CHANNEL

    @property
    def late(self) -> int:
        """How many have waited past what we told them."""
        return sum(one.is_late for one in self.waiting)

    @property
    def longest_since(self) -> datetime | None:
        """Since when the longest waiting customer has waited."""
        return min((one.asked_at for one in self.waiting), default=None)


@dataclass(frozen=True)
class Tick:
    """A minute on the scale."""

    x: float
    minutes: int


@dataclass(frozen=True)
class Scale:
    """The minutes that all lines share."""

    minutes: float
    ticks: tuple[Tick, ...]

    def at(self, minutes: float) -> float:
        """Return where a wait stands on the line."""
        return round(EDGE + min(1.0, minutes / self.minutes) * (WIDTH - 2 * EDGE), 1)


@dataclass(frozen=True)
class Mark:
    """One waiting customer on the line: a ring, or a diamond when they have waited too long."""

    x: float
    is_late: bool


@dataclass(frozen=True)
class DrawnLine:
    """A line with everything in its place."""

    line: QueueLine
    told_x: float
    marks: tuple[Mark, ...]

    @property
    def told_width(self) -> float:
        """How long the bar of the told wait is."""
        return round(self.told_x - EDGE, 1)


def drawn(lines: Iterable[QueueLine], scale: Scale) -> tuple[DrawnLine, ...]:
    """Return lines with their marks placed on a scale."""
    return tuple(
        DrawnLine(
            line,
            scale.at(line.told_minutes or 0),
            tuple(
                Mark(scale.at(minutes), one.is_late)
                for minutes, one in zip(line.waits_minutes, line.waiting, strict=True)
            ),
        )
        for line in lines
    )


def lines_of(
    queues: Mapping[int, Queue],
    waiting: Iterable[Waiting],
    people: Iterable[PersonLine],
    work: DayOfWork,
    now: datetime,
    *,
    paused: Mapping[int, datetime] | None = None,
) -> tuple[QueueLine, ...]:
    """Return a line for every queue's chat, and for its messages and callbacks where there are any."""
    waiting, people = list(waiting), list(people)
    used = {(one.queue_id, one.channel) for one in waiting} | {(fact.queue_id, fact.channel) for fact in work.facts}
    wanted = used | {(queue_id, LIVE_CHANNEL) for queue_id in queues}
    order = list(channel_words())
    pairs = sorted(wanted, key=lambda pair: (order.index(pair[1]) if pair[1] in order else len(order), pair[0]))
    lines = (_line(queues[id], channel, waiting, people, work, now) for id, channel in pairs if id in queues)
    return tuple(replace(line, paused_until=(paused or {}).get(line.queue_id)) for line in lines)


def scale_of(lines: Iterable[QueueLine]) -> Scale:
    """Return a scale long enough for every wait and every promise of a wait."""
    live = [line for line in lines if line.is_live]
    longest = max([SHORTEST_SCALE, *(max([*line.waits_minutes, line.told_minutes or 0]) for line in live)]) * 1.08
    step = next((step for step in STEPS if longest / step <= 5), STEPS[-1])
    scale = Scale(float(max(ceil(longest / step), 1) * step), ())
    return Scale(scale.minutes, tuple(Tick(scale.at(m), m) for m in range(0, int(scale.minutes) + 1, step)))


def _line(
    queue: Queue, channel: str, waiting: list[Waiting], people: list[PersonLine], work: DayOfWork, now: datetime
) -> QueueLine:
    here = tuple(one for one in waiting if (one.queue_id, one.channel) == (queue.id, channel))
    able = [person for person in people if person.is_here and person.serves_queue(queue, channel)]
    level = measure(BY_ID["service_level"], work.of(queue_id=queue.id, channel=channel))
    aim = queue.answer_target_percent / 100
    told = [one.told_minutes for one in here if one.told_minutes is not None]
    return QueueLine(
        queue_id=queue.id,
        name=queue.name,
        channel=channel,
        channel_name=channel_words().get(channel, channel),
        language=queue.language,
        waiting=here,
        told_minutes=max(told) if told else queue.answer_within_seconds / 60,
        waits_minutes=tuple(one.seconds(now) / 60 for one in here),
        in_time=shown(level, View(None, queue.id, channel)),
        aim=aim,
        verdict=verdict(level.hits, level.n, aim),
        free=sum(person.is_free_for(channel) for person in able),
        able=len(able),
        next_due=min((one.due_at for one in here if one.due_at), default=None),
    )
