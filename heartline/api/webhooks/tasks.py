"""What webhooks need done in the background. Deliveries themselves are carried by `courier`, in a thread of its own."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.api.webhooks.actions.deliveries import forget_deliveries
from heartline.api.webhooks.notices import tell_of_disabled
from heartline.common.duties import Duty


def _forget(now: datetime) -> None:
    forget_deliveries(now=now)


def _tell(now: datetime) -> None:
    tell_of_disabled(now=now)


DUTIES = (
    Duty("webhooks-log", timedelta(minutes=10), _forget),
    Duty("webhooks-notices", timedelta(minutes=1), _tell),
)
