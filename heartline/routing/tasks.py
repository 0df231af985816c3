"""Nobody waits for somebody who is gone."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.routing.actions import take_from_the_gone


def _gone(now: datetime) -> None:
    take_from_the_gone(now=now)


DUTIES = (Duty("people who are gone", timedelta(seconds=30), _gone),)
