"""How many calls half an hour has room for, and when we try again. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from heartline.people.rules import Calendar
from heartline.routing.rules.plan import Calls

SLOT = timedelta(minutes=30)
# What is agreed beforehand may fill this share of what a half hour usually gets done; the rest belongs to who comes.
SHARE = 0.25
# In a house without history each person who calls back is thought to make so many calls in half an hour.
CALLS_EACH = 3
# Fewer contacts than these in all of the last weeks say nothing about a half hour.
ENOUGH_HISTORY = 50
# These end it at once: ringing again reaches nobody else.
FINAL = frozenset({"wrong_number"})


def room(*, usual: float | None, people: int, booked: int) -> int:
    """Return how many more calls a half hour takes.

    `usual` is how many contacts are served in that half hour of the week, None when nothing is known of the weeks;
    then the people who call back count. Nobody at work in it in all these weeks means no room.
    """
    takes = ceil(usual * SHARE) if usual is not None else max(1, ceil(people * CALLS_EACH * SHARE))
    return max(0, takes - booked)


def again_at(outcome: str, tries: int, plan: Calls, calendar: Calendar, now: datetime) -> datetime | None:
    """Return when to try again after the attempt of that number, within opening hours; None when it was the last."""
    if outcome in FINAL or tries >= plan.attempts:
        return None
    seconds = plan.engaged_gap if outcome == "busy" else plan.first_gap if tries == 1 else plan.later_gap
    gap = timedelta(seconds=seconds)
    return calendar.next_opening(now + gap) or now + gap
