"""The customer pyramid: few customers bring most of the money. Its tiers, who moved between them, and the 20/80 curve. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

# Of the customers who spend, the first 1 % are the top, the next 4 % big, 15 % medium, 80 % small.
TIERS = ("top", "big", "medium", "small")
_UP_TO = (0.01, 0.05, 0.20, 1.0)
INACTIVE = "inactive"
MARKS = (0.01, 0.05, 0.10, 0.20, 0.30, 0.50, 0.80, 1.0)


@dataclass(frozen=True)
class Mark:
    """The first so many customers bring this share of the money."""

    customers: float
    n: int
    money: float


def curve(spending: Sequence[float], marks: Sequence[float] = MARKS) -> tuple[Mark, ...]:
    """Return which share of the money the customers who spend most bring."""
    ordered = sorted(spending, reverse=True)
    total = sum(ordered)
    found = []
    for mark in marks:
        n = max(1, round(mark * len(ordered)))
        found.append(Mark(mark, n, sum(ordered[:n]) / total))
    return tuple(found)


def concentration(spending: Sequence[float]) -> float:
    """Return the Gini coefficient: 0 when all spend alike, near 1 when one customer brings everything."""
    ordered = sorted(spending)
    n, total = len(ordered), sum(ordered)
    return (2 * sum(rank * one for rank, one in enumerate(ordered, 1)) / (n * total)) - (n + 1) / n


def limits(spending: Sequence[float]) -> dict[str, float]:
    """Return the least that a customer of each tier spends, from those who spend at all."""
    ordered = sorted((one for one in spending if one > 0), reverse=True)
    n = len(ordered)
    found = {}
    for tier, share in zip(TIERS, _UP_TO, strict=True):
        found[tier] = ordered[min(n, max(1, math.ceil(share * n - 1e-9))) - 1]
    return found | {"small": 0.0}


def tier_of(spent: float, least: dict[str, float]) -> str:
    """Return the tier of a customer; who spent nothing is inactive."""
    if spent <= 0:
        return INACTIVE
    return next(tier for tier in TIERS if spent >= least[tier])


@dataclass(frozen=True)
class Move:
    """Customers who were in one tier and are in another, with what they spent before and after."""

    was: str
    now: str
    customers: int
    before: float
    after: float


def movement(before: Sequence[float], after: Sequence[float]) -> tuple[Move, ...]:
    """Return who moved where. The limits in money are those of the period before, so that everybody can rise or fall."""
    least = limits(before)
    found: dict[tuple[str, str], tuple[int, float, float]] = {}
    for was, now in zip(before, after, strict=True):
        key = tier_of(was, least), tier_of(now, least)
        n, spent, spends = found.get(key, (0, 0.0, 0.0))
        found[key] = n + 1, spent + was, spends + now
    order = [*TIERS, INACTIVE]
    keys = sorted(found, key=lambda key: (order.index(key[0]), order.index(key[1])))
    return tuple(Move(was, now, *found[was, now]) for was, now in keys)
