"""How far a day that is tried has come, told to whoever waits for it, and the end of it when they have had enough."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from heartline.routing.models import PlanTrial

# A reader who is shown how far it has come waits this long at most, one who is not a third of it.
LONGEST_WATCHED, LONGEST = 60.0, 20.0
TELLS_EVERY = 0.5
FORGOTTEN_AFTER = timedelta(hours=1)
PARTS = 2


@dataclass
class Course:
    """Goes on until time is up or somebody stops it; with a key it tells how far it is. The day is gone through twice."""

    start: datetime
    end: datetime
    until: float
    key: str = ""
    part: int = 0
    was_stopped: bool = False
    told_at: float = 0.0

    def goes_on(self, now: datetime) -> bool:
        """Return whether to go on at a moment of the day."""
        at = time.monotonic()
        if self.key and at - self.told_at > TELLS_EVERY:
            self.told_at = at
            self.was_stopped = self.was_stopped or self._tell(now)
        self.was_stopped = self.was_stopped or at > self.until
        return not self.was_stopped

    def _tell(self, now: datetime) -> bool:
        """Tell how far it is; returns whether somebody wants it to stop."""
        done = min(1.0, max(0.0, (now - self.start) / (self.end - self.start)))
        mine = PlanTrial.objects.filter(key=self.key)
        mine.update(share=(self.part + done) / PARTS)
        return mine.filter(stops=True).exists()


def begin(key: str, start: datetime, end: datetime, *, now: datetime) -> Course:
    """Begin to try a day; without a key nobody watches."""
    if key:
        PlanTrial.objects.filter(began_at__lt=now - FORGOTTEN_AFTER).delete()
        PlanTrial.objects.update_or_create(key=key, defaults={"began_at": now, "share": 0, "stops": False})
    return Course(start, end, time.monotonic() + (LONGEST_WATCHED if key else LONGEST), key)


def how_far(key: str) -> float:
    """Return the share of the work that is done; none of one that has not begun."""
    return PlanTrial.objects.filter(key=key).values_list("share", flat=True).first() or 0.0


def stop(key: str) -> bool:
    """Let a trial end with what it has; returns whether there was one."""
    return bool(PlanTrial.objects.filter(key=key).update(stops=True))
