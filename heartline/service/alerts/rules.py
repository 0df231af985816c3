"""When an alert is raised, kept and ended: a small machine for one subject of one rule. Pure.

It does not flap: what is over its limit again within a while after being calm is the same alert, and after it has ended
nothing is raised for the same subject until the rule's cool-down has passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Literal

# Only what has been calm for so long is over.
CALM = timedelta(minutes=2)
# What happened in a moment, a rating, stays until somebody says that they look, at most so long.
MOMENT_STAYS = timedelta(hours=24)
FOR_EVER = timedelta(days=3650)
MINUTE = timedelta(minutes=1)

Step = Literal["nothing", "watch", "forget", "raise", "calm", "stir", "end"]


@dataclass(frozen=True)
class Terms:
    """How long a limit must be passed first, how long it must be calm to end, and for how long nothing comes after."""

    hold: timedelta = timedelta()
    calm: timedelta = CALM
    cool_down: timedelta = timedelta(minutes=15)


@dataclass(frozen=True)
class Standing:
    """An alert that is watched (`raised` False) or open, since when, and since when it has been calm, if it is."""

    raised: bool
    since: datetime
    calm_since: datetime | None = None


def step(
    standing: Standing | None, over: bool, *, quiet: bool, last_ended: datetime | None, terms: Terms, now: datetime
) -> Step:
    """Return what to do about a subject that is, or is not, over the limit of its rule."""
    if standing is None:
        cooling = last_ended is not None and now < last_ended + terms.cool_down
        begins: Step = "watch" if terms.hold else "raise"
        return begins if over and not quiet and not cooling else "nothing"
    if standing.raised:
        return _of_open(standing, over, terms, now)
    if not over:
        return "forget"
    return "raise" if now - standing.since >= terms.hold and not quiet else "nothing"


def _of_open(standing: Standing, over: bool, terms: Terms, now: datetime) -> Step:
    if over:
        return "stir" if standing.calm_since else "nothing"
    if standing.calm_since is None:
        return "calm"
    return "end" if now - standing.calm_since >= terms.calm else "nothing"


def is_quiet(local: time, start: time | None, until: time | None) -> bool:
    """Return whether a clock shows a quiet hour; from 22:00 until 07:00 is the night between."""
    if start is None or until is None or start == until:
        return False
    return start <= local < until if start < until else local >= start or local < until


def times_raised(
    over: Callable[[datetime], bool], quiet: Callable[[datetime], bool], start: datetime, end: datetime, terms: Terms
) -> int:
    """Return how often an alert would have been raised in a span of time, looked at once a minute."""
    standing: Standing | None = None
    ended: datetime | None = None
    raised, now = 0, start
    while now < end:
        done = step(standing, over(now), quiet=quiet(now), last_ended=ended, terms=terms, now=now)
        raised += done == "raise"
        standing, ended = after(standing, done, ended, now)
        now += MINUTE
    return raised


def after(
    standing: Standing | None, done: Step, ended: datetime | None, now: datetime
) -> tuple[Standing | None, datetime | None]:
    """Return where a subject stands after a step, and when its last alert ended."""
    if done == "watch":
        return Standing(False, now), ended
    if done == "raise":
        return Standing(True, standing.since if standing else now), ended
    if done == "forget":
        return None, ended
    if done == "end":
        return None, now
    if standing and done in ("calm", "stir"):
        return replace(standing, calm_since=now if done == "calm" else None), ended
    return standing, ended


def within(moments: Iterable[datetime], now: datetime, window: timedelta) -> int:
    """Return how many moments lie in the window that ends now."""
    return sum(now - window < moment <= now for moment in moments)


def share_left(left: int, answered: int, at_least: int) -> float | None:
    """Return the percentage who left before being served, or None when too few are settled to say one."""
    settled = left + answered
    return left / settled * 100 if settled >= max(1, at_least) else None
