"""What needs a person next, and why: pure, one rule for the desk's key and for tests."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

# A promise is due soon from here on, as the desk marks it.
NEAR = timedelta(minutes=30)


@dataclass(frozen=True)
class Candidate:
    """Something that may need a person: what it is, whose case, and the moment that counts.

    `at` is when it is due (promise, task), until when it stands (offer) or since when somebody waits (the rest).
    `limit` is how soon an answer is meant to come.
    """

    kind: str
    case_id: int
    at: datetime
    limit: timedelta | None = None
    offer_id: int | None = None
    name: str = ""


@dataclass(frozen=True)
class Next:
    """What to do next, and the code of the reason."""

    what: Candidate
    why: str


def next_best(candidates: Iterable[Candidate], now: datetime, *, here: int | None = None) -> Next | None:
    """Return what needs the person most; what is open before them already (`here`) comes only when nothing else does.

    An offer first, for it is gone in seconds; then what was promised and is late or nearly due; who waits for our answer
    longer than they should; who called by name; what came back from snooze; who waits for our answer at all; what is
    still to be wrapped up; who waits in the queues; and last what is due later. The oldest first in each.
    """
    ranked = [(found.case_id == here and found.kind != "offer", *_rank(found, now), found) for found in candidates]
    if not ranked:
        return None
    _here, _step, _at, why, what = min(ranked, key=lambda one: one[:3])
    return Next(what, why)


def _rank(found: Candidate, now: datetime) -> tuple[int, datetime, str]:
    late = found.at <= now
    if found.kind in ("promise", "task"):
        if late:
            return 1, found.at, f"{found.kind}_late"
        return (1, found.at, f"{found.kind}_near") if found.at - now <= NEAR else (8, found.at, f"{found.kind}_later")
    if found.kind == "answer" and found.limit is not None and now - found.at > found.limit:
        return 2, found.at, "answer_late"
    return _STEPS[found.kind], found.at, found.kind


_STEPS = {"offer": 0, "mention": 3, "snooze": 4, "answer": 5, "wrap_up": 6, "waiting": 7}
