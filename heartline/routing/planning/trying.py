"""Yesterday again: what happened, the plan in use and the draft beside each other, and whom the draft helps and hurts."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from heartline.common.clock import day_bounds
from heartline.customers.models import Tier
from heartline.people.models import Brand
from heartline.routing import rules
from heartline.routing.planning.course import LONGEST, Course
from heartline.routing.planning.days import DaySeen, Fate, aims, day_seen
from heartline.routing.planning.then import Since
from heartline.routing.plans.queries import current_plan, names
from heartline.routing.plans.reading import read
from heartline.routing.rules.replay import Outcome, replay

# Less than this is not felt, and comes of what the replay does not know.
FELT = 5.0
ROWS = 300


@dataclass(frozen=True)
class Figures:
    """How a group of contacts fared one way: `n` of them; half waited at most `p50` seconds, nine in ten `p90`."""

    n: int
    answered: int
    left: int
    in_time: float | None
    p50: float | None
    p90: float | None


@dataclass(frozen=True)
class Group:
    """Contacts of one queue or one tier: as it happened, under the plan in use, under the draft; whom it helps and hurts."""

    key: str
    happened: Figures
    current: Figures
    draft: Figures
    sooner: int
    later: int


@dataclass(frozen=True)
class Row:
    """One contact: how long it waited each way, and with whom."""

    contact_id: int
    queue_id: int
    tier: str
    channel: str
    asked_at: datetime
    happened: Fate
    current: Fate
    draft: Fate

    @property
    def fates(self) -> tuple[Fate, Fate, Fate]:
        """What became of it: as it happened, by the plan in use, by the draft."""
        return self.happened, self.current, self.draft

    @property
    def gain(self) -> float:
        """How many seconds sooner the draft serves it; who left or was not reached waited as long as that took."""
        return self.current.waited - self.draft.waited

    @property
    def loss(self) -> float:
        """How many seconds later."""
        return -self.gain


@dataclass(frozen=True)
class Trial:
    """A day tried: the figures of all, by queue and by tier, and the contacts that fare most differently."""

    start: datetime
    total: Group
    queues: tuple[Group, ...]
    tiers: tuple[Group, ...]
    rows: tuple[Row, ...]
    was_cut: bool
    was_stopped: bool
    took: float
    since: Since


def bounds(day: date) -> tuple[datetime, datetime]:
    """Return when a day begins and ends where the house's first brand is."""
    brand = Brand.objects.select_related("site").order_by("-is_default", "id").first()
    noon = datetime(day.year, day.month, day.day, 12).astimezone()
    zone = brand.site.time_zone if brand else "UTC"
    start, end = day_bounds(noon, zone)
    return start, end


def try_day(content: Mapping[str, object], start: datetime, end: datetime, course: Course | None = None) -> Trial:
    """Return a day under the plan in use and under a plan that is written; what cannot be used of it counts as not written."""
    began = time.monotonic()
    seen = day_seen(start, end)
    plan, _problems = read(content, names())
    course = course or Course(start, end, began + LONGEST)
    current = _again(seen, current_plan(), course)
    course.part += 1
    draft = _again(seen, plan, course)
    return _compared(seen, current, draft, course.was_stopped, began)


def _again(seen: DaySeen, plan: rules.Plan, course: Course) -> dict[int, Fate]:
    """Return what becomes of each contact; people take the usual time of that day to accept."""
    found = replay(seen.arrivals, seen.shifts, plan, goes_on=course.goes_on)
    return {one.work.id: _fate(seen, one) for one in found}


def _fate(seen: DaySeen, one: Outcome) -> Fate:
    if one.at is None or one.at > seen.end:
        return Fate(max(0.0, (seen.end - _from(one.work)).total_seconds()))
    delay = 0.0 if one.left else seen.accept_after
    return Fate(max(0.0, (one.at - _from(one.work)).total_seconds() + delay), one.person_id, one.left)


def _from(work: rules.Work) -> datetime:
    """Return from when its customer waits: since they asked, or from the time that was agreed."""
    return work.due_at if work.channel == "callback" and work.due_at else work.asked_at


def _compared(
    seen: DaySeen, current: Mapping[int, Fate], draft: Mapping[int, Fate], was_stopped: bool, began: float
) -> Trial:
    rows = [
        Row(
            work.id,
            work.queue_id,
            work.tier,
            work.channel,
            work.asked_at,
            seen.happened[work.id],
            current[work.id],
            draft[work.id],
        )
        for work in (arrival.work for arrival in seen.arrivals)
        if work.id in seen.counted and work.id in current and work.id in draft
    ]
    within = aims()
    queues = sorted({row.queue_id for row in rows})
    tiers = [tier for tier in (*Tier.values, "") if any(row.tier == tier for row in rows)]
    differing = sorted(rows, key=lambda row: (-abs(row.gain), row.contact_id))
    return Trial(
        start=seen.start,
        total=_group("", rows, within),
        queues=tuple(_group(str(id), [row for row in rows if row.queue_id == id], within) for id in queues),
        tiers=tuple(_group(tier, [row for row in rows if row.tier == tier], within) for tier in tiers),
        rows=tuple(differing[:ROWS]),
        was_cut=seen.was_cut,
        was_stopped=was_stopped,
        took=time.monotonic() - began,
        since=seen.since,
    )


def _group(key: str, rows: Sequence[Row], within: Mapping[int, int]) -> Group:
    return Group(
        key=key,
        happened=_figures(rows, lambda row: row.happened, within),
        current=_figures(rows, lambda row: row.current, within),
        draft=_figures(rows, lambda row: row.draft, within),
        sooner=sum(row.gain >= FELT for row in rows),
        later=sum(row.gain <= -FELT for row in rows),
    )


def _figures(rows: Iterable[Row], which: Callable[[Row], Fate], within: Mapping[int, int]) -> Figures:
    rows = list(rows)
    served = sorted(which(row).waited for row in rows if which(row).person_id)
    in_time = sum(bool(which(row).person_id) and which(row).waited <= within.get(row.queue_id, 60) for row in rows)
    return Figures(
        n=len(rows),
        answered=len(served),
        left=sum(which(row).left for row in rows),
        in_time=in_time / len(rows) if rows else None,
        p50=_at_most(served, 0.5),
        p90=_at_most(served, 0.9),
    )


def _at_most(waits: Sequence[float], share: float) -> float | None:
    """Return the wait that at least a share of contacts did not exceed."""
    return waits[max(0, ceil(share * len(waits)) - 1)] if waits else None


def yesterday(now: datetime) -> date:
    """Return the day before today where the house's first brand is."""
    brand = Brand.objects.select_related("site").order_by("-is_default", "id").first()
    start, _end = day_bounds(now, brand.site.time_zone if brand else "UTC")
    return (start + timedelta(hours=12) - timedelta(days=1)).date() if brand else (now - timedelta(days=1)).date()
