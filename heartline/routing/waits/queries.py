"""Where somebody stands in line and how long they will wait; asked by each of them, worked out once for all.

A line is a queue on one channel. How it stands is read every two seconds at most in each process, however many look; what
recent weeks were like every quarter of a minute.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import QuerySet, Sum

from heartline.conversations.models import Contact
from heartline.people.models import Queue
from heartline.routing import rules
from heartline.routing.plans.queries import current_plan
from heartline.routing.queries import available_in, offered_in, waiting_in
from heartline.routing.waits.models import HalfHour
from heartline.routing.waits.rules import TODAY, same_half_hours

STANDS = timedelta(seconds=2)
LATELY_STANDS = timedelta(seconds=15)
WEEK = timedelta(days=7)
# Fewer than this leave or stay by chance.
ENOUGH_TO_SHARE = 20
# How long people have just waited changes fast.
WAITED_WITHIN, WAITED_COUNT = timedelta(hours=1), 20
COUNTED = ("answered", "left", "served", "served_seconds")

_working_out: dict[str, threading.Lock] = defaultdict(threading.Lock)


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line at one moment: who stands where (1 = next), who is here for it, and what recent weeks were like."""

    places: Mapping[int, int]
    held_back: frozenset[int]
    offered: int
    people: tuple[tuple[frozenset[str], int, int], ...]
    lately: rules.Lately

    def place_of(self, contact_id: int) -> int:
        """Return somebody's place; who came a moment ago is last, who is called later is next when it is time."""
        return 1 if contact_id in self.held_back else self.places.get(contact_id, len(self.places) + 1)

    def wait(self, language: str, ahead: int) -> tuple[int, int] | None:
        """Return from how many to how many minutes somebody with so many before them waits; None when that cannot be said."""
        able = [(limit, free) for languages, limit, free in self.people if not language or language in languages]
        line = rules.Line(
            ahead=max(0, ahead - self.offered),  # an offer not yet answered holds its place already
            places=sum(limit for limit, _free in able),
            free=sum(free for _limit, free in able),
            lately=self.lately,
        )
        return rules.expected_wait(line)


def expected_wait(queue: Queue, channel: str, now: datetime, *, language: str = "") -> tuple[int, int] | None:
    """Return from how many to how many minutes somebody who asks now will wait; None when that cannot be said."""
    line = line_now(queue.id, channel, now)
    return line.wait(language, len(line.places))


def position_of(contact: Contact, now: datetime) -> int:
    """Return a waiting contact's place in its queue and channel: 1 is next."""
    return line_now(contact.queue_id, contact.channel, now).place_of(contact.id)


def wait_of(contact: Contact, now: datetime) -> tuple[int, tuple[int, int] | None]:
    """Return a waiting contact's place, and from how many to how many minutes it still waits."""
    line = line_now(contact.queue_id, contact.channel, now)
    place = line.place_of(contact.id)
    return place, line.wait(contact.language, place - 1)


def line_now(queue_id: int, channel: str, now: datetime) -> LineNow:
    """Return how a line stands: as worked out lately, by whoever asked first."""
    if not STANDS:
        return _read(queue_id, channel, now)
    key = f"line:{queue_id}:{channel}"
    at, line = cache.get(key, (None, None))
    if line is not None and at is not None and abs(now - at) < STANDS:
        return line  # type: ignore[no-any-return]  # what a cache returns has no type
    with _working_out[key]:
        at, line = cache.get(key, (None, None))  # somebody may have worked it out meanwhile
        if line is None or at is None or abs(now - at) >= STANDS:
            line = _read(queue_id, channel, now)
            cache.set(key, (now, line), 60)
    return line  # type: ignore[no-any-return]  # as above


def _read(queue_id: int, channel: str, now: datetime) -> LineNow:
    works = rules.in_order(waiting_in(queue_id, channel), now, current_plan())
    ready = [work.id for work in works if not work.is_held_back(now)]
    return LineNow(
        places={contact_id: place for place, contact_id in enumerate(ready, 1)},
        held_back=frozenset(work.id for work in works) - frozenset(ready),
        offered=offered_in(queue_id, channel),
        people=tuple(
            (server.languages, server.limits[channel], server.places(channel))
            for server in available_in(queue_id)
            if server.limits.get(channel, 0) > 0 and queue_id in server.queues
        ),
        lately=lately(queue_id, channel, now),
    )


def lately(queue_id: int, channel: str, now: datetime) -> rules.Lately:
    """Return what recent weeks were like in this half hour of the week, and how long the last customers waited."""
    if not STANDS:
        return _read_lately(queue_id, channel, now)
    slot = int(now.timestamp() // LATELY_STANDS.total_seconds())
    key = f"lately:{queue_id}:{channel}:{slot}"
    found = cache.get_or_set(key, lambda: _read_lately(queue_id, channel, now), LATELY_STANDS.total_seconds())
    assert isinstance(found, rules.Lately)
    return found


def _read_lately(queue_id: int, channel: str, now: datetime) -> rules.Lately:
    zone = Queue.objects.values_list("brand__site__time_zone", flat=True).get(id=queue_id)
    rows = HalfHour.objects.filter(queue=queue_id, channel=channel)
    like_this = rows.filter(starts_at__in=same_half_hours(now, zone)) | rows.filter(starts_at__gt=now - TODAY)
    found = _lately(like_this)
    if found.served < rules.ENOUGH_SERVED:
        found = _lately(rows.filter(starts_at__gt=now - WEEK))
    return replace(found, waited=_waited(queue_id, channel, now))


def _lately(rows: QuerySet[HalfHour]) -> rules.Lately:
    sums = rows.aggregate(*(Sum(name) for name in COUNTED))
    answered, left, served, seconds = (sums[f"{name}__sum"] or 0 for name in COUNTED)
    came = answered + left
    return rules.Lately(
        served=served, served_seconds=seconds, left_share=left / came if came >= ENOUGH_TO_SHARE else 0.0
    )


def _waited(queue_id: int, channel: str, now: datetime) -> tuple[float, ...]:
    answered = Contact.objects.filter(queue=queue_id, channel=channel, answered_at__gt=now - WAITED_WITHIN)
    spans = answered.order_by("-answered_at").values_list("asked_at", "answered_at")[:WAITED_COUNT]
    return tuple((end - start).total_seconds() for start, end in spans if end)
