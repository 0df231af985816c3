"""What the chat needs done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.channels.webchat.actions import abandon_silent
from heartline.common.duties import Duty


def _silent(now: datetime) -> None:
    abandon_silent(now=now)


DUTIES = (Duty("silent visitors", timedelta(seconds=15), _silent),)
