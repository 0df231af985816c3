"""What the waits need done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.routing.waits.counting import count_half_hours


def _count(now: datetime) -> None:
    count_half_hours(now=now)


DUTIES = (Duty("count the half hours of queues", timedelta(minutes=1), _count),)
