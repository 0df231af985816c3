"""What conversations need done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.conversations.attachments.store import sweep


def _sweep_files(now: datetime) -> None:
    sweep(now=now)


DUTIES = (Duty("sweep attachments", timedelta(hours=1), _sweep_files),)
