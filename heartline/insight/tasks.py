"""What the figures need done in the background: rows are kept up to date, and once a night compared with the ledger."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from heartline.common.actors import Actor
from heartline.common.clock import day_bounds
from heartline.common.duties import Duty
from heartline.insight.checks import tell
from heartline.insight.events import FiguresChecked
from heartline.insight.kept.checking import Checked, check_kept, note, noted
from heartline.insight.kept.generations import newest
from heartline.insight.kept.keeping import keep, make_anew
from heartline.insight.kept.reading import folder, is_small
from heartline.insight.today import AHEAD, STORE, Kept, recompute
from heartline.ledger.actions import one_change, record
from heartline.ledger.queries import read_day

log = logging.getLogger("heartline.insight")

SHOWN = 20
# So much news is folded on reading, while somebody waits for a page; more is written down.
WORTH_KEEPING = 500


@dataclass(frozen=True)
class Difference:
    """A night on which figures and ledger did not agree."""

    day: str
    count: int


def keep_and_check(now: datetime) -> None:
    """Bring the figures of this process up to date, and check them against the ledger once after each midnight (UTC)."""
    kept = STORE.kept(now)
    day_start, _ = day_bounds(now, "UTC")
    if not _checked_since(day_start, now):
        check(kept, now=now, rows=_check_rows(now))


def keep_rows(_now: datetime) -> None:
    """Write down the rows of what is new, when it is much. A small house is counted when somebody first asks."""
    if newest(folder()) is not None or not is_small():
        keep(folder(), at_least=WORTH_KEEPING)


def check(kept: Kept, *, now: datetime, rows: Checked | None = None) -> FiguresChecked:
    """Compare what is kept with a recomputation up to the same place of the ledger, and record whether they are equal."""
    fresh = recompute(kept.since, now + AHEAD, kept.upto)
    ids = kept.facts.keys() | fresh.keys()
    differing = tuple(sorted(id for id in ids if kept.facts.get(id) != fresh.get(id)))
    unequal = rows.differing if rows else ()
    day = (now - timedelta(days=1)).date().isoformat()
    event = FiguresChecked(
        day=day,
        contacts=len(fresh),
        equal=not differing and not unequal,
        differing=differing[:SHOWN],
        rows=rows.rows if rows else 0,
        rows_differing=unequal[:SHOWN],
        count=len(differing) + len(unequal),
    )
    with one_change():
        record(event, by=Actor.system("figures"), now=now, sample=False)
        tell(event, now=now)
    note(folder(), day, event.count)
    if differing:
        log.error("figures of %s differ from the ledger for %s contacts", day, len(differing))
    if unequal:
        log.error("kept rows of %s differ from the ledger: %s; all are made anew", day, ", ".join(unequal[:SHOWN]))
        make_anew(folder())
    return event


def last_difference() -> Difference | None:
    """Return what the last nightly check found to differ, or None when all was equal."""
    found = noted(folder())
    return Difference(found["day"], found["count"]) if found and found["count"] else None


def last_check(now: datetime) -> dict[str, Any] | None:
    """Return what the last check of the last two days recorded, or None when there was none."""
    events = list(read_day(now - timedelta(days=2), now + timedelta(days=1), frozenset({FiguresChecked.kind})))
    return events[-1].body if events else None


def _check_rows(now: datetime) -> Checked | None:
    """Yesterday anew, beside what is kept of it."""
    if newest(folder()) is None:
        return None
    keep(folder())
    start, end = day_bounds(now - timedelta(days=1), "UTC")
    return check_kept(folder(), start, end)


def _checked_since(start: datetime, now: datetime) -> bool:
    """Several hosts share the duty: one check a day is enough, and two do no harm."""
    return any(read_day(start, now + timedelta(days=1), frozenset({FiguresChecked.kind})))


DUTIES = (
    Duty("check the figures", timedelta(minutes=30), keep_and_check),
    Duty("keep the rows of figures", timedelta(minutes=5), keep_rows),
)
