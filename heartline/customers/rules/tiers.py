"""Which tier a customer belongs to: rules in order, each with conditions that must all hold; the first that fits decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from heartline.common.text import fold

TESTS: dict[str, tuple[str, ...]] = {
    "number": ("at_least", "at_most", "filled", "empty"),
    "date": ("within_days", "not_within_days", "filled", "empty"),
    "choice": ("is", "is_not", "filled", "empty"),
    "text": ("is", "is_not", "filled", "empty"),
}
NEEDS_VALUE = frozenset({"at_least", "at_most", "within_days", "not_within_days", "is", "is_not"})


@dataclass(frozen=True)
class Condition:
    """One test of one fact, such as: attribute:revenue, at_least, 50000."""

    what: str
    test: str
    value: str = ""


@dataclass(frozen=True)
class Rule:
    """A tier and what must hold for it."""

    id: int
    tier: str
    conditions: tuple[Condition, ...]


def decide(rules: Sequence[Rule], facts: Mapping[str, str], today: date) -> Rule | None:
    """Return the first rule whose conditions all hold; a rule without conditions fits everybody. None: no rule fits."""
    return next((rule for rule in rules if all(holds(test, facts, today) for test in rule.conditions)), None)


def holds(condition: Condition, facts: Mapping[str, str], today: date) -> bool:
    """Return whether a condition holds; what is not known passes no test but `empty`."""
    known = facts.get(condition.what, "")
    if condition.test in ("filled", "empty"):
        return bool(known) == (condition.test == "filled")
    if not known:
        return False
    if condition.test in ("is", "is_not"):
        return (fold(known) == fold(condition.value)) == (condition.test == "is")
    if condition.test in ("within_days", "not_within_days"):
        return _within(known, condition.value, today) == (condition.test == "within_days")
    return _reaches(known, condition.value, at_least=condition.test == "at_least")


def _within(known: str, days: str, today: date) -> bool:
    try:
        return date.fromisoformat(known) > today - timedelta(days=int(days))
    except (ValueError, OverflowError):
        return False


def _reaches(known: str, limit: str, *, at_least: bool) -> bool:
    try:
        number, wanted = Decimal(known), Decimal(limit)
    except InvalidOperation:
        return False
    return number >= wanted if at_least else number <= wanted
