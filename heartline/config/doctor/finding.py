"""What a check found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

Level = Literal["good", "hint", "broken"]


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it stands and, unless it is good, what mends it."""

    level: Level
    subject: str
    text: str
    mend: str = ""


Check = Callable[[], Iterator[Finding]]


def good(subject: str, text: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding("good", subject, text)


def hint(subject: str, text: str, mend: str) -> Finding:
    """Return a finding that matters before real customers come."""
    return Finding("hint", subject, text, mend)


def broken(subject: str, text: str, mend: str) -> Finding:
    """Return a finding that keeps Heartline from working or keeping its promises."""
    return Finding("broken", subject, text, mend)
