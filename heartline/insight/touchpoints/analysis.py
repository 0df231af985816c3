"""From drivers in the order of a journey to the curve, and to where excelling pays, where enough is enough, where too much is spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from heartline.insight.drivers.analysis import Driver, Drivers, explain
from heartline.insight.drivers.asking import Question, Sample
from heartline.insight.drivers.kano import MOST_POINTS, is_one_scale

# mend: it costs loyalty now · excel: very good earns more · keep: weighs much and is good · enough: only bad counts, and it is
# not bad · too_much: weighs little and is rated above the rest · little: weighs little · unclear: these answers cannot tell
Advice = Literal["mend", "excel", "keep", "enough", "too_much", "little", "unclear"]


# A basic factor that disappoints oftener than this is no place where enough is done.
OFTEN_LOW = 0.1


@dataclass(frozen=True)
class Stop:
    """One place of the journey, and what could be won there as far as what goes together is cause and effect.

    `mend_gains` is what the outcome's mean would have more if every low answer were a middling one, `excel_gains` if every
    middling one were high; `sure_gains` is the larger of those whose penalty or reward is surely above nought.
    """

    place: int
    driver: Driver
    advice: Advice
    mend_gains: float | None
    excel_gains: float | None
    sure_gains: float
    low_share: float


@dataclass(frozen=True)
class Touchpoints:
    """The curve: places in order, the share each would have if all weighed alike, and the mean of all ratings."""

    found: Drivers
    stops: tuple[Stop, ...]
    even_share: float
    mean: float
    has_one_scale: bool


def curve(sample: Sample, question: Question, *, is_whole: bool = True) -> Touchpoints:
    """Return the touchpoint curve; the drivers of the question are the places in order."""
    found = explain(sample, question, is_whole=is_whole)
    rated = [driver for driver in found.drivers if driver.rated.n]
    mean = sum(driver.rated.mean for driver in rated) / len(rated)
    one_scale = has_one_scale(sample)
    even = 1 / len(found.drivers)
    stops = tuple(
        _stop(sample, at, driver, even, mean if one_scale else None) for at, driver in enumerate(found.drivers)
    )
    return Touchpoints(found, stops, even, mean, one_scale)


def _stop(sample: Sample, at: int, driver: Driver, even: float, mean: float | None) -> Stop:
    factor = driver.asymmetry
    low, middle = shares_of(sample, at, driver)
    mends = factor.penalty.value * low if factor and factor.penalty else None
    excels = factor.reward.value * middle if factor and factor.reward else None
    sure = [
        gain
        for gain, effect in ((mends, factor and factor.penalty), (excels, factor and factor.reward))
        if gain and effect and effect.low > 0
    ]
    advice = advice_for(driver, even, mean, low)
    return Stop(at + 1, driver, advice, mends, excels, max(sure, default=0.0), low)


def has_one_scale(sample: Sample) -> bool:
    """Return whether all ratings run on one short scale, so that their means can be compared."""
    points = [np.unique(column[np.isfinite(column)]) for column in sample.x.T]
    rated = [own for own in points if len(own) > 1]
    is_short = len(rated) > 0 and len(np.unique(np.concatenate(rated))) <= MOST_POINTS
    return is_short and all(is_one_scale(rated[0], own) for own in rated)


def shares_of(sample: Sample, at: int, driver: Driver) -> tuple[float, float]:
    """Return the shares of low and of middling answers to a place."""
    cut, column = driver.cut, sample.x[:, at]
    weights = np.where(np.isfinite(column), sample.weights, 0)
    total = weights.sum()
    if not cut or total == 0:
        return 0.0, 0.0
    low = float(weights[column <= cut.low].sum() / total)
    return low, float(weights[(column > cut.low) & (column < cut.high)].sum() / total)


def advice_for(driver: Driver, even_share: float, mean: float | None, low_share: float = 0.0) -> Advice:
    """Return where a place stands; only what is surely so decides, the rest is unclear. Without a common scale no rating is high or low."""
    is_heavy, is_light = driver.share_low > even_share, driver.share_high < even_share
    is_good = mean is not None and driver.rated.low > mean
    is_poor = mean is not None and driver.rated.high < mean
    if is_light:
        return "too_much" if is_good else "little"
    kind = driver.asymmetry.factor if driver.asymmetry else "none"
    if kind == "basic":
        return "mend" if is_poor or low_share > OFTEN_LOW else "enough"
    pays = bool(driver.asymmetry and driver.asymmetry.reward and driver.asymmetry.reward.low > 0)
    if is_poor and (is_heavy or kind == "performance"):
        return "mend"
    if kind == "excitement" or (kind == "performance" and pays and is_heavy):
        return "excel"
    return "keep" if is_heavy and is_good else "unclear"
