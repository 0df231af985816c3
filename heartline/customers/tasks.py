"""What customers need done in the background."""

from __future__ import annotations

from datetime import datetime, timedelta

from heartline.common.duties import Duty
from heartline.customers.actions.duplicates import suggest_duplicates
from heartline.customers.actions.importing import forget_old, work_on_imports
from heartline.customers.actions.keeping import keep_retention
from heartline.customers.actions.tiers import recompute


def _imports(now: datetime) -> None:
    work_on_imports(now=now)


def _duplicates(now: datetime) -> None:
    suggest_duplicates(now=now)


def _tiers(now: datetime) -> None:
    recompute(now=now)


def _retention(now: datetime) -> None:
    keep_retention(now=now)
    forget_old(now=now)


DUTIES = (
    Duty("customer imports", timedelta(seconds=2), _imports),
    Duty("duplicate customers", timedelta(seconds=20), _duplicates),
    Duty("customer tiers", timedelta(seconds=30), _tiers),
    Duty("retention", timedelta(hours=1), _retention),
)
