"""Duties: what the background process does again and again, declared by each folder in its `tasks.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Duty:
    """Work done every so often. `run` gets the time, must be safe to repeat, and may be cut off between transactions.

    Several hosts may run the same duty at once, so `run` claims what it works on by compare-and-set.
    A duty that raises is logged and simply done again at its next time.
    """

    name: str
    every: timedelta
    run: Callable[[datetime], None]

    def __post_init__(self) -> None:
        if self.every <= timedelta():
            raise ValueError(f"duty {self.name} must have a positive interval")
