"""Customers hear of it when our call is late."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.promises.callbacks.actions import tell_late


def _late(now: datetime) -> None:
    tell_late(now=now)


DUTIES = (Duty("late calls", timedelta(seconds=15), _late),)
