"""Pauses and emergency messages end by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.routing.controls.actions import end_what_is_due


def _end(now: datetime) -> None:
    end_what_is_due(now=now)


DUTIES = (Duty("pauses and emergency messages that are over", timedelta(seconds=5), _end),)
