"""Loading the sample company: found it, let it work for some days, stop at the present.

Founding is quick and makes the house fit for visitors; its days are played behind them, all at one blow.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from heartline.config.sample.company import Company, found, open_round_the_clock, recall
from heartline.config.sample.fridge import fridge
from heartline.config.sample.knowing import knowing
from heartline.config.sample.plan import publish_plan
from heartline.config.sample.quality import publish_card, quality
from heartline.config.sample.stage import DAYS, Stage, Story, open_moments, play, workday
from heartline.config.sample.stories import LONGEST_STORY, leave, talk
from heartline.config.sample.tools import write_down
from heartline.config.sample.words import left, talks
from heartline.conversations.models import Case
from heartline.ledger.actions import one_change
from heartline.people.models import Brand
from heartline.people.queries import calendar_of
from heartline.people.rules import Calendar
from heartline.routing.models import DispatcherLease

SEED = 20261126
SET_UP_BEFORE = timedelta(days=40)
TODAYS_SHARE = 0.45


def is_loaded() -> bool:
    """Return whether the sample company is there."""
    return Brand.objects.filter(is_sample=True).exists()


def load(now: datetime) -> bool:
    """Load the sample company, all of it or nothing; returns False when it is there already."""
    with one_change():
        if is_loaded() and _is_played():
            return False
        return live_through(open_doors(now), now)


def open_doors(now: datetime) -> Company:
    """Found the sample company, or return the one that stands already, as after a start that was cut off."""
    with one_change():
        return recall() if is_loaded() else found(now - SET_UP_BEFORE)


def live_through(company: Company, now: datetime) -> bool:
    """Play the company's last days, all of them or none; returns False when they are past."""
    with one_change(), _without_collecting():
        if _is_played():
            return False
        stage = Stage(company, now, _fence(now), Random(SEED))  # noqa: S311  a play, not a secret
        write_down(company, now - SET_UP_BEFORE)
        publish_card(company, now - SET_UP_BEFORE)
        play([*_workdays(stage), *_conversations(stage), quality(stage), knowing(stage)], now)
        open_round_the_clock(company, now)
        publish_plan(company, now)
    return True


def _is_played() -> bool:
    return Case.objects.filter(is_sample=True).exists()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Spare Python looking for garbage among tens of thousands of short-lived rows: a tenth of the first start."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _fence(now: datetime) -> int:
    """Return the fence under which offers are made: the dispatcher's own, which waits for us meanwhile."""
    ended = {"holder": "", "expires_at": now - timedelta(seconds=1)}
    lease, _ = DispatcherLease.objects.get_or_create(name="dispatcher", defaults=ended)
    return lease.fence


def _workdays(stage: Stage) -> Iterator[Story]:
    for who, (first, last) in stage.company.shifts.items():
        if not stage.person(who).capacities.exists():
            continue
        zone = ZoneInfo(stage.person(who).site.time_zone)
        today = stage.end.astimezone(zone).date()
        for ago in range(DAYS + 1, -1, -1):
            start = datetime.combine(today - timedelta(days=ago), time(first), zone)
            stop = start + timedelta(hours=(last - first) % 24)
            if start < stage.end:
                yield workday(stage, who, start, stop)


def _conversations(stage: Stage) -> Iterator[Story]:
    brands = {key: calendar_of(brand) for key, brand in stage.company.brands.items()}
    for key, calendar in brands.items():
        spoken = [said for said in talks() if said.brand == key]
        gone = [said for said in left() if said.brand == key]
        stage.rng.shuffle(spoken)
        spoken.sort(key=lambda said: said.is_open)  # what is still owed came last
        moments = _moments(stage, calendar, len(spoken) + len(gone))
        leavings = set(stage.rng.sample(moments, len(gone)))
        yield from (leave(stage, said, at) for said, at in zip(gone, sorted(leavings), strict=True))
        rest = [at for at in moments if at not in leavings]
        yield from (talk(stage, said, at) for said, at in zip(spoken, rest, strict=True))
    yield fridge(stage, _last_open(brands["qinghe"], stage.end))


def _moments(stage: Stage, calendar: Calendar, count: int) -> list[datetime]:
    """Return when conversations begin: many in the last day of service, the others in the days before it."""
    latest = stage.end - LONGEST_STORY
    known = open_moments(calendar, stage.end - timedelta(days=DAYS), latest)
    recent = [moment for moment in known if moment > known[-1] - timedelta(hours=10)]
    today = min(len(recent), round(count * TODAYS_SHARE))
    earlier = known[: -len(recent)]
    return sorted([*stage.rng.sample(earlier, count - today), *stage.rng.sample(recent, today)])


def _last_open(calendar: Calendar, now: datetime) -> datetime:
    """Return the last moment, now or before, at which the brand was open."""
    steps: Iterable[datetime] = (now - timedelta(minutes=5 * step) for step in range(24 * 12 * 3))
    return next((moment for moment in steps if calendar.is_open(moment)), now)
