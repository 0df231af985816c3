"""From a file of purchases to what each customer did until a day: repeats, weeks, and the mean of what came again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import _
from heartline.insight.dates import read_days
from heartline.insight.files import Frame
from heartline.insight.value.buying import History
from heartline.insight.value.fitting import Vector

DAYS_IN_WEEK = 7


@dataclass(frozen=True)
class Purchases:
    """Who bought when for how much: one row for each customer and day, in order. Days are counted from year 1."""

    source: str
    names: tuple[str, ...]
    customer: NDArray[np.int64]
    day: NDArray[np.int64]
    amount: Vector
    refunds: int = 0
    has_amounts: bool = True

    @property
    def first(self) -> date:
        """Return the day of the first purchase."""
        return date.fromordinal(int(self.day.min()))

    @property
    def last(self) -> date:
        """Return the day of the last purchase."""
        return date.fromordinal(int(self.day.max()))


@dataclass(frozen=True)
class Customers:
    """What customers did until a day. `average` is of repeat purchases, and 0 for who bought once."""

    until: date
    who: NDArray[np.int64]
    history: History
    average: Vector
    spent: Vector
    last_day: NDArray[np.int64]

    @property
    def n(self) -> int:
        """Return how many customers there are."""
        return len(self.who)

    def only(self, rows: NDArray[np.int64]) -> Customers:
        """Return some of these customers."""
        past = self.history
        history = History(past.repeats[rows], past.last[rows], past.age[rows], past.weight[rows])
        return Customers(self.until, self.who[rows], history, self.average[rows], self.spent[rows], self.last_day[rows])


def purchases(frame: Frame, customer: str, day: str, amount: str = "", *, order: str = "") -> Purchases:
    """Return the purchases of a file. Several on one day are one; amounts below zero are refunds and are left out."""
    frame.require(*filter(None, (customer, day, amount)))
    if frame.n == 0:
        raise CannotAnswer(_("{file} has no rows").format(file=frame.source))
    names = frame.coded(customer)
    amounts = frame.numbers(amount) if amount else np.zeros(frame.n)
    _refuse_missing(frame, customer, [not name.strip() for name in names.values], names.codes)
    if (unknown := np.flatnonzero(np.isnan(amounts))).size:
        raise CannotAnswer(
            _("Line {line}: column “{name}” is empty").format(line=frame.line(int(unknown[0])), name=amount)
        )
    days = _days(frame, day, order)
    kept = amounts >= 0
    if not kept.any():
        raise CannotAnswer(_("Column “{name}” has no amount above zero").format(name=amount))
    who = names.codes.astype(np.int64)[kept]
    pairs, where = np.unique(np.column_stack([who, days[kept]]), axis=0, return_inverse=True)
    money = np.bincount(where.ravel(), weights=amounts[kept]).astype(np.float64)
    return Purchases(
        frame.source,
        names.values,
        pairs[:, 0],
        pairs[:, 1],
        money,
        int((~kept).sum()),
        bool(amount),
    )


def _refuse_missing(frame: Frame, name: str, empty: Sequence[bool], codes: NDArray[np.int32]) -> None:
    rows = np.flatnonzero(np.asarray(empty, np.bool_)[codes])
    if len(rows):
        raise CannotAnswer(_("Line {line}: column “{name}” is empty").format(line=frame.line(int(rows[0])), name=name))


def _days(frame: Frame, name: str, order: str) -> NDArray[np.int64]:
    """Read each different text once."""
    column = frame.coded(name)

    def where(i: int) -> str:
        return _("Line {line}").format(line=frame.line(int(np.flatnonzero(column.codes == i)[0])))

    days = read_days(column.values, order=order, where=where)
    return np.array([day.toordinal() for day in days], np.int64)[column.codes]


def customers(bought: Purchases, until: date) -> Customers:
    """Return what each customer did until a day, who first bought later left out."""
    end = until.toordinal()
    kept = bought.day <= end
    who, starts, counts = np.unique(bought.customer[kept], return_index=True, return_counts=True)
    if not len(who):
        raise CannotAnswer(_("Nobody bought anything until {day}").format(day=until.isoformat()))
    day, amount = bought.day[kept], bought.amount[kept]
    ends = starts + counts - 1
    spent = np.add.reduceat(amount, starts)
    repeats = (counts - 1).astype(np.float64)
    average = np.where(repeats > 0, (spent - amount[starts]) / np.maximum(repeats, 1), 0.0)
    history = History.of(repeats, (day[ends] - day[starts]) / DAYS_IN_WEEK, (end - day[starts]) / DAYS_IN_WEEK)
    return Customers(until, who, history, average, spent, day[ends])


def bought_between(bought: Purchases, of: Customers, until: date) -> Vector:
    """Return how many purchases each of some customers made after their day until another."""
    kept = (bought.day > of.until.toordinal()) & (bought.day <= until.toordinal())
    counts = np.bincount(bought.customer[kept], minlength=len(bought.names))
    return counts[of.who].astype(np.float64)


def day_of_check(bought: Purchases, until: date) -> date | None:
    """Return the day two thirds into what is known, from which a prediction is checked; None when that is too short."""
    weeks = (until - bought.first).days / DAYS_IN_WEEK
    return None if weeks < 12 else bought.first + timedelta(days=round((until - bought.first).days * 2 / 3))
