"""How long a customer who asks now will wait: a range that can be kept, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt
from statistics import median

# Fewer than this say more about chance than about today.
ENOUGH_SERVED, ENOUGH_WAITED = 5, 5
# Above this nobody plans by the number: better to say that we cannot tell, and to offer a callback.
LONGEST_TOLD_MINUTES = 90
# One in ten waits less than the range says, one in ten longer (normal quantile of 0.9).
Z = 1.2816


@dataclass(frozen=True, slots=True, kw_only=True)
class Lately:
    """What a queue's channel was like at this time of the week, and today.

    So many contacts took up a place for so many seconds together; `left_share` of those who came did not wait for their
    turn; `waited` is how many seconds the last ones answered had waited.
    """

    served: int = 0
    served_seconds: float = 0.0
    left_share: float = 0.0
    waited: Sequence[float] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A queue's channel as somebody who asks now would find it.

    `ahead` wait before them. `places` is how many contacts the available people take at once, `free` how many of
    these places are empty.
    """

    ahead: int
    places: int
    free: int
    lately: Lately = Lately()


def expected_wait(line: Line) -> tuple[int, int] | None:
    """Return from how many to how many minutes the wait will be, or None when that cannot be said honestly.

    With a free place for everybody ahead it is under a minute. Otherwise that many places must fall free first, fewer
    by those ahead who leave before it is their turn; with many people at work they do so at random moments, so the sum of
    the gaps follows a gamma distribution. If the middle one of the last customers waited longer, the upper end is their wait.
    """
    if line.places <= 0:
        return None
    if line.free > line.ahead:
        return (0, 1)
    lately = line.lately
    if lately.served < ENOUGH_SERVED:
        return None
    staying = (line.ahead - line.free) * (1 - lately.left_share)
    low, high = _range(1 + staying, lately.served_seconds / lately.served / line.places)
    if len(lately.waited) >= ENOUGH_WAITED:
        high = max(high, median(lately.waited))
    minutes = floor(low / 60), max(floor(low / 60) + 1, ceil(high / 60))
    return None if minutes[1] > LONGEST_TOLD_MINUTES else minutes


def _range(departures: float, gap: float) -> tuple[float, float]:
    return _gamma_quantile(departures, gap, -Z), _gamma_quantile(departures, gap, Z)


def _gamma_quantile(shape: float, scale: float, z: float) -> float:
    """Return a quantile of the gamma distribution by Wilson and Hilferty's cube-root rule, within 7 % from the first departure on."""
    return shape * scale * max(0.0, 1 - 1 / (9 * shape) + z / (3 * sqrt(shape))) ** 3
