"""What the ledger needs done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.ledger.seals import seal


def _seal(now: datetime) -> None:
    while seal(now=now):
        pass


DUTIES = (Duty("seal the ledger", timedelta(minutes=1), _seal),)
