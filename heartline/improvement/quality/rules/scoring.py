"""The score of a review: one function, from a card and its answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from heartline.improvement.quality.rules.card import Card, Question

HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True)
class Given:
    """What an evaluator answered: a value, or that the question does not apply."""

    value: int | None = None
    na: bool = False

    @property
    def is_answer(self) -> bool:
        """Whether this says anything."""
        return self.na or self.value is not None


@dataclass(frozen=True)
class Score:
    """What a card's answers come to.

    `percent` is what the weights give, over the questions that applied; None when none did. `failed` are the critical
    questions that were not met: one is enough to make the `result` nought.
    """

    percent: Decimal | None
    failed: tuple[str, ...]
    missing: tuple[str, ...]
    sections: Mapping[str, Decimal | None]

    @property
    def result(self) -> Decimal | None:
        """What the review counts as."""
        return Decimal(0) if self.failed else self.percent


def score(card: Card, answers: Mapping[str, Given]) -> Score:
    """Return what answers come to: weights over what applied, a missed critical question fails the whole."""
    asked = list(card.questions())
    given = {one.key: answers.get(one.key, Given()) for one in asked}
    return Score(
        percent=_percent(asked, given),
        failed=tuple(one.key for one in asked if one.critical and _counts(given[one.key]) and not given[one.key].value),
        missing=tuple(one.key for one in asked if not given[one.key].is_answer),
        sections={section.key: _percent(section.questions, given) for section in card.sections},
    )


def _percent(questions: Iterable[Question], given: Mapping[str, Given]) -> Decimal | None:
    counted = [(one, given[one.key].value or 0) for one in questions if _counts(given[one.key])]
    possible = sum(one.weight for one, _value in counted)
    if not possible:
        return None
    earned = sum((Fraction(one.weight * value, one.top) for one, value in counted), Fraction())
    share = earned * 100 / possible
    return (Decimal(share.numerator) / Decimal(share.denominator)).quantize(HUNDREDTH, ROUND_HALF_UP)


def _counts(given: Given) -> bool:
    return given.value is not None and not given.na
