"""What conversations need done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.conversations.actions.snoozes import end_answered, wake_due, wake_spoken
from heartline.conversations.attachments.store import sweep


def _sweep_files(now: datetime) -> None:
    sweep(now=now)


def _snoozes(now: datetime) -> None:
    wake_spoken(now=now)
    wake_due(now=now)
    end_answered(now=now)


DUTIES = (
    Duty("snoozes", timedelta(seconds=3), _snoozes),
    Duty("sweep attachments", timedelta(hours=1), _sweep_files),
)
