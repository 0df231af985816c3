"""What the floor needs done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.service.floor.counting import count_hours


def _count(now: datetime) -> None:
    count_hours(now=now)


DUTIES = (Duty("count the hours of queues", timedelta(minutes=10), _count),)
