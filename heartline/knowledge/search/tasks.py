"""What the index needs done in the background: following the ledger, and being built anew."""

from __future__ import annotations

import time
from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.knowledge.search.actions import EVENTS, build_on, follow, forget_missing
from heartline.knowledge.search.forgetting import squeeze_after_erasures

EVERY = timedelta(milliseconds=500)
REBUILDING = 0.2  # seconds of each half: what is being said goes first, and others need the processor and the database


def _keep_up(_: datetime) -> None:
    while follow() == EVENTS:
        pass
    until = time.monotonic() + REBUILDING
    while time.monotonic() < until and build_on() is not None:
        pass


def _sweep(now: datetime) -> None:
    forget_missing()
    squeeze_after_erasures(now)


DUTIES = (
    Duty("index what was said", EVERY, _keep_up),
    Duty("forget what is gone from the index", timedelta(hours=24), _sweep),
)
