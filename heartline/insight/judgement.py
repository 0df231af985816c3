"""Better or worse than the aim? Said only when it is more than chance. Pure."""

from __future__ import annotations

from typing import Literal

from heartline.insight.statistics import wilson

Verdict = Literal["none", "few", "behind", "on_aim", "unclear"]

# Under this many customers even all or none in time is hardly news.
FEW = 5


def verdict(hits: int, n: int, aim: float) -> Verdict:
    """Return how a share of customers stands against an aim (0 to 1): only Wilson's interval may call it behind or on aim."""
    if n == 0:
        return "none"
    if n < FEW:
        return "few"
    low, high = wilson(hits, n)
    if high < aim:
        return "behind"
    return "on_aim" if low >= aim else "unclear"


def joint_aim(parts: list[tuple[int, float]]) -> float | None:
    """Return the aim of several queues together, each (customers, aim) weighing as many customers as it had."""
    customers = sum(n for n, _aim in parts)
    return sum(n * aim for n, aim in parts) / customers if customers else None
