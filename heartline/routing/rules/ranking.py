"""In what order work is taken: one currency, seconds of waiting, and every second of it explained.

A rank is the time waited plus parts that are each capped. Waiting is never capped and never reset, so work that
has waited MOST_AHEAD seconds longer than other work is ahead of it for ever: nothing waits without end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from heartline.routing.rules.situation import Reasons, Work

# A tier is worth a minute of waiting a step. Genesys counts one point of priority as a minute; three of them
# let a good customer pass the queue of a calm minute, not of a busy quarter of an hour.
TIER_SECONDS = {"top": 180, "big": 120, "medium": 60}
# Every earlier contact about the same matter is a minute we owe, up to three.
REPEAT_SECONDS, REPEAT_CAP = 60, 180
# Somebody who was handed on was in a conversation already; two minutes are about what the hand-over took.
HANDED_OVER_SECONDS = 120
# Past the time we named, every second counts twice, for half an hour: a broken word is not made whole by more of it.
OVERDUE_CAP = 1800
# A message is answered within hours (a brand's default is four), a customer in front of the screen leaves within
# minutes: they are an hour ahead of messages, and a message that has waited that hour longer goes first.
LIVE_SECONDS = 3600

# A supervisor may let somebody wait less, by an hour and no more: nobody is forgotten for it.
MANUAL_CAP = 3600

MOST_AHEAD = max(TIER_SECONDS.values()) + REPEAT_CAP + HANDED_OVER_SECONDS + OVERDUE_CAP + LIVE_SECONDS + MANUAL_CAP
ORDER_CODES = frozenset({"waited", "live", "tier", "repeat", "handed_over", "overdue", "manual"})


@dataclass(frozen=True, slots=True)
class Part:
    """One reason for a place in the order, worth some seconds of waiting."""

    code: str
    seconds: float
    params: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rank:
    """What a contact counts for in the order: its parts, and their sum in seconds."""

    seconds: float
    parts: tuple[Part, ...]

    def reasons(self) -> Reasons:
        """Return the parts as codes and values, in the order in which they are told."""
        return tuple((part.code, {"seconds": int(part.seconds), **part.params}) for part in self.parts)


def rank(work: Work, now: datetime) -> Rank:
    """Return what a piece of work counts for now, with its parts."""
    waited = max(0.0, (now - work.asked_at).total_seconds())
    parts = (Part("waited", waited), *(part for part in _merits(work, now) if part.seconds > 0))
    return Rank(sum(part.seconds for part in parts), parts)


def in_order(works: Iterable[Work], now: datetime) -> list[Work]:
    """Return work in the order in which it is taken; ties go to the lower id."""
    return sorted(works, key=lambda work: (-rank(work, now).seconds, work.id))


def _merits(work: Work, now: datetime) -> Iterable[Part]:
    earlier = max(0, work.contacts_count - 1)
    yield Part("live", LIVE_SECONDS if work.is_live else 0)
    yield Part("tier", TIER_SECONDS.get(work.tier, 0), {"tier": work.tier})
    yield Part("repeat", min(REPEAT_CAP, earlier * REPEAT_SECONDS), {"count": work.contacts_count})
    yield Part("handed_over", HANDED_OVER_SECONDS if work.handed_over else 0)
    yield Part("manual", min(MANUAL_CAP, work.manual_seconds))
    if work.due_at:
        late = (now - work.due_at).total_seconds()
        yield Part("overdue", min(OVERDUE_CAP, late), {"late": int(late)})
