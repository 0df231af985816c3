"""What alerts need done in the background: rules are looked at, and letters are written."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.service.alerts.actions import sweep
from heartline.service.alerts.letters import send_letters


def _sweep(now: datetime) -> None:
    sweep(now=now)


def _letters(now: datetime) -> None:
    send_letters(now=now)


DUTIES = (
    Duty("look at the rules of alerts", timedelta(seconds=15), _sweep),
    Duty("write letters about alerts", timedelta(seconds=15), _letters),
)
