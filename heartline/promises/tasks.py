"""The clock of what we owe: owners are warned before it is late, late is noted, nothing stays without an owner."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.promises.actions import find_new_owners, note_late, warn_due


def _follow_ups(now: datetime) -> None:
    find_new_owners(now=now)
    note_late(now=now)
    warn_due(now=now)


DUTIES = (Duty("follow-ups", timedelta(seconds=10), _follow_ups),)
