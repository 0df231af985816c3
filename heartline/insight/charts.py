"""The geometry of the small charts of a day: numbers in, positions out; templates draw them as SVG. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from heartline.insight.facts import ContactFact
from heartline.insight.statistics import median, percentile
from heartline.ui.formats import clock_span

WIDTH = 344
HEIGHT = 120
FIRST_HOUR, LAST_HOUR = 8, 20
NICE_STEPS_MS = [s * 1000 for s in (10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 28800, 86400)]


@dataclass(frozen=True)
class Tick:
    """A place on an axis and what is written there."""

    at: float
    label: str


@dataclass(frozen=True)
class HourBar:
    """One hour: how many customers asked in it, and how many of them were not answered in time."""

    hour: int
    asked: int
    missed: int
    x: float
    width: float
    y: float
    height: float

    @property
    def middle(self) -> float:
        """The middle of the bar."""
        return self.x + self.width / 2


@dataclass(frozen=True)
class Hours:
    """Customers by the hour in which they asked."""

    bars: tuple[HourBar, ...]
    ticks: tuple[Tick, ...]
    top: int


def hours_of_asking(facts: Iterable[ContactFact], zones: dict[int, str]) -> Hours:
    """Return the hours of a day of work, in the time of each contact's queue."""
    asked: Counter[int] = Counter()
    missed: Counter[int] = Counter()
    for fact in facts:
        hour = fact.asked_at.astimezone(ZoneInfo(zones[fact.queue_id])).hour
        asked[hour] += 1
        missed[hour] += fact.outcome in ("answered", "long_abandon", "callback") and not fact.in_time
    first, last = min([FIRST_HOUR, *asked]), max([LAST_HOUR, *asked])
    step = WIDTH / (last - first + 1)
    top = max(asked.values(), default=1)
    bars = tuple(_bar(hour, asked[hour], missed[hour], (hour - first) * step, step, top) for hour in sorted(asked))
    ticks = tuple(
        Tick(round((hour - first) * step, 1), f"{hour}:00") for hour in range(first, last + 1) if hour % 4 == 0
    )
    return Hours(bars, ticks, top)


def _bar(hour: int, asked: int, missed: int, left: float, step: float, top: int) -> HourBar:
    height = round(asked / top * HEIGHT, 1)
    return HourBar(hour, asked, missed, round(left + 2, 1), round(step - 4, 1), round(HEIGHT - height, 1), height)


@dataclass(frozen=True)
class Waits:
    """The share of answered customers whose wait was at most so long: a staircase from 0 to all of them."""

    path: str
    ticks: tuple[Tick, ...]
    middle: Tick
    ninetieth: Tick
    limit: float | None


def waits_of(waits_ms: list[int], limit_ms: int | None) -> Waits | None:
    """Return the staircase of waits with a line at the limit, when they all had the same; None when nobody was answered."""
    if not waits_ms:
        return None
    half, most = median(waits_ms), percentile(waits_ms, 0.9)
    longest = max(most * 1.25, (limit_ms or 0) * 1.25, 10_000)
    limit = round(limit_ms / longest * WIDTH, 1) if limit_ms else None

    def across(wait: float) -> float:
        return round(min(wait, longest) / longest * WIDTH, 1)

    return Waits(
        path=_staircase(sorted(waits_ms), across),
        ticks=tuple(Tick(across(at), clock_span(at / 1000)) for at in _round_steps(longest)),
        middle=Tick(across(half), clock_span(half / 1000)),
        ninetieth=Tick(across(most), clock_span(most / 1000)),
        limit=limit,
    )


def _staircase(waits: list[int], across: Callable[[float], float]) -> str:
    steps = [f"M0 {HEIGHT}"]
    for count, wait in enumerate(waits, 1):
        steps.append(f"H{across(wait)}V{round(HEIGHT - count / len(waits) * HEIGHT, 1)}")
    return "".join([*steps, f"H{WIDTH}"])


def _round_steps(longest: float) -> list[int]:
    step = next((step for step in NICE_STEPS_MS if longest / step <= 5), NICE_STEPS_MS[-1])
    return list(range(0, int(longest) + 1, step))


@dataclass(frozen=True)
class Telling:
    """The middle of the waits that were told and of those that came, in milliseconds."""

    low: float
    high: float
    came: float
    ninetieth: float


@dataclass(frozen=True)
class TellingBar:
    """One of them on the common scale: the range told, the middle wait that came, and what nine of ten did not exceed."""

    low: float
    width: float
    came: float
    ninetieth: float
    is_late: bool


@dataclass(frozen=True)
class Tellings:
    """Ranges told against waits that came, one below the other on one scale."""

    bars: tuple[TellingBar, ...]
    ticks: tuple[Tick, ...]


def tellings_of(found: Iterable[Telling]) -> Tellings:
    """Return them on one scale; a range is never drawn thinner than can be seen."""
    rows = list(found)
    longest = max([10_000.0, *(max(row.high, row.ninetieth) for row in rows)]) * 1.02

    def across(wait: float) -> float:
        return round(wait / longest * WIDTH, 1)

    bars = tuple(
        TellingBar(
            low=across(row.low),
            width=max(2.0, round(across(row.high) - across(row.low), 1)),
            came=across(row.came),
            ninetieth=across(row.ninetieth),
            is_late=row.came > row.high,
        )
        for row in rows
    )
    return Tellings(bars, tuple(Tick(across(at), clock_span(at / 1000)) for at in _round_steps(longest)))
