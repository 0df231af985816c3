"""What the figures need done in the background: once a night, what is kept is compared with what the ledger says."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from heartline.common.actors import Actor
from heartline.common.clock import day_bounds
from heartline.common.duties import Duty
from heartline.insight.events import FiguresChecked
from heartline.insight.today import AHEAD, STORE, Kept, recompute
from heartline.ledger.actions import one_change, record
from heartline.ledger.queries import read_day

log = logging.getLogger("heartline.insight")

SHOWN = 20


def keep_and_check(now: datetime) -> None:
    """Bring the figures of this process up to date, and check them against the ledger once after each midnight (UTC)."""
    kept = STORE.kept(now)
    day_start, _ = day_bounds(now, "UTC")
    if not _checked_since(day_start, now):
        check(kept, now=now)


def check(kept: Kept, *, now: datetime) -> FiguresChecked:
    """Compare what is kept with a recomputation up to the same place of the ledger, and record whether they are equal."""
    fresh = recompute(kept.since, now + AHEAD, kept.upto)
    ids = kept.facts.keys() | fresh.keys()
    differing = tuple(sorted(id for id in ids if kept.facts.get(id) != fresh.get(id)))
    day = (now - timedelta(days=1)).date().isoformat()
    event = FiguresChecked(day=day, contacts=len(fresh), equal=not differing, differing=differing[:SHOWN])
    with one_change():
        record(event, by=Actor.system("figures"), now=now, sample=False)
    if differing:
        log.error("figures of %s differ from the ledger for %s contacts", day, len(differing))
    return event


def _checked_since(start: datetime, now: datetime) -> bool:
    """Several hosts share the duty: one check a day is enough, and two do no harm."""
    return any(read_day(start, now + timedelta(days=1), frozenset({FiguresChecked.kind})))


DUTIES = (Duty("check the figures", timedelta(minutes=30), keep_and_check),)
