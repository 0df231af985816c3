"""Who hears how the nightly check of the figures went: rooms above say so here, for this one knows none of them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from heartline.insight.events import FiguresChecked


class Hearer(Protocol):
    """Something of a room above that is told of each check, in the transaction that records it."""

    def __call__(self, checked: FiguresChecked, *, now: datetime) -> None:
        """Hear of a check."""


HEARERS: dict[str, Hearer] = {}


def hear_checks(name: str, hear: Hearer) -> None:
    """Let a room above hear of each check."""
    HEARERS[name] = hear


def tell(checked: FiguresChecked, *, now: datetime) -> None:
    """Tell everybody who hears of checks about one."""
    for hear in HEARERS.values():
        hear(checked, now=now)
