"""What questions to experts need done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.conversations.consultations.actions.sweeping import sweep


def _sweep(now: datetime) -> None:
    sweep(now=now)


DUTIES = (Duty("questions to experts", timedelta(seconds=5), _sweep),)
