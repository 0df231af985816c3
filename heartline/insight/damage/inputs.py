"""The numbers a damage model is fed with: each with where it is from, who agreed to it, and how sure it is. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from random import Random

from heartline.insight.damage.counting import OF_COMPLAINTS, Baseline, Channel, Loyalty, WordOfMouth

STALE_AFTER_MONTHS = 12
_Z = 1.6448536269514722  # a normal value lies below mean + z·sd 95 times in 100
_JEFFREYS = 0.5


@dataclass(frozen=True)
class Input:
    """One number of the model. Unsure by `low` and `high` (nine times in ten between them) or by the `n` asked."""

    path: str
    value: float
    low: float | None = None
    high: float | None = None
    n: int | None = None
    is_share: bool = False
    source: str = ""
    owner: str = ""
    agreed: date | None = None

    @property
    def is_certain(self) -> bool:
        """Whether nothing was said of how sure it is."""
        return self.n is None and self.low is None and self.high is None

    def is_stale(self, today: date) -> bool:
        """Whether it was agreed more than twelve months ago."""
        return self.agreed is not None and _months_later(self.agreed, STALE_AFTER_MONTHS) < today

    def drawn(self, rng: Random) -> float:
        """Return a value it might as well have: two half normals around it, or what n answers leave open."""
        if self.n is not None:
            hits = self.value * self.n
            if ".outcomes." in self.path:  # gammas that are made to sum to 1 are a Dirichlet draw of the three together
                return rng.gammavariate(hits + _JEFFREYS, 1) / self.n
            return rng.betavariate(hits + _JEFFREYS, self.n - hits + _JEFFREYS)
        step = rng.gauss(0, 1)
        end = self.high if step > 0 else self.low
        value = self.value if end is None else self.value + abs(step) * (end - self.value) / _Z
        return min(max(value, 0.0), 1.0) if self.is_share else max(value, 0.0)

    def ends(self) -> tuple[float, float]:
        """Return what it lies between nine times in ten."""
        if self.n is not None:
            half = _Z * math.sqrt((self.value * (1 - self.value) + 0.25 / self.n) / self.n)
            return max(0.0, self.value - half), min(1.0, self.value + half)
        return self.value if self.low is None else self.low, self.value if self.high is None else self.high


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("each month has 28 days")


Numbers = dict[str, float]


def outcomes_of(channel: str) -> tuple[str, ...]:
    """Return the paths of a channel's outcome shares, which sum to 1 together."""
    return tuple(f"channels.{channel}.outcomes.{outcome}" for outcome in OF_COMPLAINTS)


def channels_in(paths: Iterable[str]) -> tuple[str, ...]:
    """Return the names of the channels, in the order they were given."""
    return _channels_in(tuple(paths))


@lru_cache(64)  # asked for each draw, of the same paths
def _channels_in(paths: tuple[str, ...]) -> tuple[str, ...]:
    found = (path.removeprefix("channels.").rpartition(".share")[0] for path in paths if _is_channel_share(path))
    return tuple(dict.fromkeys(found))


def _is_channel_share(path: str) -> bool:
    return path.startswith("channels.") and path.endswith(".share")


def baseline(numbers: Mapping[str, float]) -> Baseline:
    """Return the year that numbers by path describe. Shares of complainants above 1 together are scaled down to 1."""
    names = channels_in(numbers)
    too_much = max(1.0, sum(numbers[f"channels.{name}.share"] for name in names))
    return Baseline(
        numbers["customers"],
        numbers["value"],
        numbers["problems"],
        tuple(Channel(name, numbers[f"channels.{name}.share"] / too_much, *_outcomes(numbers, name)) for name in names),
        Loyalty(*(numbers[f"loyalty.{key}"] for key in Loyalty.__dataclass_fields__)),
        WordOfMouth(*(numbers.get(f"word_of_mouth.{key}", 0.0) for key in WordOfMouth.__dataclass_fields__)),
    )


def _outcomes(numbers: Mapping[str, float], channel: str) -> list[float]:
    shares = [numbers[path] for path in outcomes_of(channel)]
    return [share / sum(shares) for share in shares]
