"""What people's presence needs done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.people.actions import notice_gone_browsers
from heartline.people.limits import forget_past


def _presence(now: datetime) -> None:
    notice_gone_browsers(now=now)


def _counts(now: datetime) -> None:
    forget_past(now=now)


DUTIES = (
    Duty("presence", timedelta(seconds=5), _presence),
    Duty("limits", timedelta(minutes=10), _counts),
)
