"""What the API needs done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.api.actions import forget_replies
from heartline.common.duties import Duty


def _forget(now: datetime) -> None:
    forget_replies(now=now)


DUTIES = (Duty("api-replies", timedelta(minutes=30), _forget),)
