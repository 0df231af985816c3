"""What experts' pages need done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.service.experts.letters import send_letters


def _letters(now: datetime) -> None:
    send_letters(now=now)


DUTIES = (Duty("letters to experts", timedelta(seconds=20), _letters),)
