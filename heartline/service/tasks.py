"""What the desk needs done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.conversations.outgoing.actions import forget_done, stop_answered
from heartline.service.writing.sending import send_due


def _send(now: datetime) -> None:
    send_due(now)


def _stop_answered(now: datetime) -> None:
    stop_answered(now=now)


def _forget(now: datetime) -> None:
    forget_done(now=now)


DUTIES = (
    Duty("send replies that are due", timedelta(seconds=1), _send),
    Duty("stop planned replies that were answered", timedelta(seconds=15), _stop_answered),
    Duty("forget replies that went", timedelta(hours=1), _forget),
)
