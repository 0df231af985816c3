"""What people's presence needs done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.people.actions import notice_gone_browsers


def _presence(now: datetime) -> None:
    notice_gone_browsers(now=now)


DUTIES = (Duty("presence", timedelta(seconds=5), _presence),)
