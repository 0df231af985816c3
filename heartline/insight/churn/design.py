"""From the columns of a file to numbers a model can weigh: amounts to one scale, words to one column each, gaps named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import CannotAnswer, WrongQuestion
from heartline.insight.answers.words import _
from heartline.insight.either import is_yes
from heartline.insight.files import Frame
from heartline.insight.value.fitting import Vector

MOST_WORDS = 30  # of a column with more different words only the commonest have a column each
LEAST_ROWS = 20  # a word that fewer rows say is "other"
_NAMES_FROM = 0.5  # a column of words with this many different ones for its rows is a name or a number of a customer


OTHER = "\0other"


@dataclass(frozen=True)
class Feature:
    """A column of the file as the model sees it: a number, or words of which the first is what others are compared with."""

    name: str
    words: tuple[str, ...] = ()
    middle: float = 0.0
    spread: float = 1.0
    has_gaps: bool = False

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return not self.words

    @property
    def width(self) -> int:
        """Return how many columns of the design are its own."""
        return 1 + self.has_gaps if self.is_number else len(self.words) - 1


@dataclass(frozen=True)
class Design:
    """The features of all customers in numbers, and who left: 1 or 0, NaN where the file does not say."""

    features: tuple[Feature, ...]
    rows: Vector
    outcome: Vector
    not_used: tuple[tuple[str, str], ...]

    @property
    def known(self) -> NDArray[np.int64]:
        """Return the rows of which it is known whether they left."""
        return np.flatnonzero(np.isfinite(self.outcome))

    @property
    def unknown(self) -> NDArray[np.int64]:
        """Return the rows of which that is not known: customers of today."""
        return np.flatnonzero(np.isnan(self.outcome))

    def columns_of(self, feature: Feature) -> slice:
        """Return which columns of the design are a feature's own."""
        start = sum(one.width for one in self.features[: self.features.index(feature)])
        return slice(start, start + feature.width)


def who_left(frame: Frame, target: str, left: str = "") -> Vector:
    """Return 1 for who left, 0 for who stayed and NaN where the file does not say."""
    texts = frame.texts(target)
    values = sorted({str(text) for text in texts if text})
    if left and left not in values:
        raise WrongQuestion(
            _("Column “{name}” has no “{value}”; there are: {values}").format(
                name=target, value=left, values=", ".join(values[:20])
            )
        )
    if len(values) != 2:
        raise CannotAnswer(
            _("Column “{name}” has {n} different values; who left and who stayed are two").format(
                name=target, n=len(values)
            )
        )
    says = {value: value == left if left else is_yes(value) for value in values}
    if None in says.values() or len(set(says.values())) != 2:
        raise WrongQuestion(_("Say with --left which of “{one}” and “{other}” in column “{name}” means left").format(one=values[0], other=values[1], name=target))  # fmt: skip
    return np.array([np.nan if not text else float(bool(says[str(text)])) for text in texts])


def design(frame: Frame, target: str, names: Sequence[str], *, left: str = "") -> Design:
    """Return the named columns as the model sees them; their scales and words are those of rows whose outcome is known."""
    outcome = who_left(frame, target, left)
    known = np.flatnonzero(np.isfinite(outcome))
    features, not_used = [], []
    for name in names:
        found = _feature(frame, name, known)
        if isinstance(found, Feature):
            features.append(found)
        else:
            not_used.append((name, found))
    if not features:
        raise CannotAnswer(_("No column is left that could go with leaving"))
    blocks = [_of_number(frame, one) if one.is_number else _of_words(frame, one) for one in features]
    return Design(tuple(features), np.hstack(blocks), outcome, tuple(not_used))


def _feature(frame: Frame, name: str, rows: NDArray[np.int64]) -> Feature | str:
    """Return a column as a feature, or why it is none."""
    if frame.is_number(name):
        numbers = frame.numbers(name)[rows]
        known = numbers[np.isfinite(numbers)]
        if not len(known) or float(np.ptp(known)) == 0:
            return _("the same in every row")
        return Feature(name, (), float(np.median(known)), float(known.std()) or 1.0, len(known) < len(numbers))
    values, counts = np.unique(frame.texts(name)[rows].astype(str), return_counts=True)
    if len(values) > _NAMES_FROM * len(rows):
        return _("almost a different word in every row: a name or number of the customer")
    order = sorted(zip(values.tolist(), counts.tolist(), strict=True), key=lambda pair: -pair[1])
    common = tuple(value for value, n in order[:MOST_WORDS] if n >= LEAST_ROWS)
    words = common if len(common) == len(values) else (*common, OTHER)
    return (
        Feature(name, words)
        if common and len(words) > 1
        else _("the same in every row, or no word that enough rows share")
    )


def _of_number(frame: Frame, feature: Feature) -> Vector:
    numbers = frame.numbers(feature.name)
    known = np.isfinite(numbers)
    filled = (np.where(known, numbers, feature.middle) - feature.middle) / feature.spread
    return np.column_stack([filled, (~known).astype(np.float64)] if feature.has_gaps else [filled])


def _of_words(frame: Frame, feature: Feature) -> Vector:
    place = {word: i for i, word in enumerate(feature.words)}
    other = place.get(OTHER, 0)
    codes = np.array([place.get(str(text), other) for text in frame.texts(feature.name)])
    return np.column_stack([(codes == i).astype(np.float64) for i in range(1, len(feature.words))])
