"""From a table and a question to the rows and columns that answer it; what was left out, and why, is counted."""

from __future__ import annotations

from dataclasses import astuple, dataclass, replace
from fnmatch import fnmatchcase
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import CannotAnswer, WrongQuestion, refuse_unknown
from heartline.insight.answers.words import _, in_a_row
from heartline.insight.files import Frame

Matrix = NDArray[np.float64]
# rows: only whole rows; pairs: each pair of columns from the rows that have both; kept: every row stays, and not having
# answered becomes a part of the driver of its own.
Missing = Literal["rows", "pairs", "kept"]
Method = Literal["auto", "lmg", "johnson"]


@dataclass(frozen=True)
class Question:
    """What is asked: which outcome, which drivers, and how gaps, weights, scales and segments are treated."""

    target: str
    drivers: tuple[str, ...] = ()
    by: str = ""
    weight: str = ""
    good: str = ""
    missing: Missing = "rows"
    zero_is_missing: bool = False
    no_answers: tuple[str, ...] = ()
    method: Method = "auto"
    low: float | None = None
    high: float | None = None
    rivals: tuple[tuple[str, tuple[str, ...]], ...] = ()
    seed: int = 1
    resamples: int = 1000


@dataclass(frozen=True)
class Gaps:
    """How many answers a driver lacks: not given, and "does not apply"."""

    missing: int
    not_applicable: int


@dataclass(frozen=True)
class Sample:
    """The rows that answer. `x` has a column for each driver, NaN where it has no answer."""

    drivers: tuple[str, ...]
    x: Matrix
    y: Matrix
    weights: Matrix
    rows: NDArray[np.int64]
    in_file: int
    no_target: int = 0
    no_weight: int = 0
    no_answer: int = 0
    gaps: tuple[Gaps, ...] = ()
    good: str = ""
    other: str = ""
    is_weighted: bool = False

    @property
    def n(self) -> int:
        """How many rows answer."""
        return len(self.y)

    @property
    def effective_n(self) -> float:
        """As how many unweighted rows they tell: Kish's (Σw)² / Σw²."""
        return float(self.weights.sum() ** 2 / (self.weights**2).sum()) if self.n else 0.0

    def only(self, chosen: NDArray[np.bool_]) -> Sample:
        """Return some of the rows."""
        return replace(self, x=self.x[chosen], y=self.y[chosen], weights=self.weights[chosen], rows=self.rows[chosen])


def columns_of(question: Question) -> list[str] | None:
    """Return which columns of a file are needed, None for all: patterns and left out drivers need every name."""
    if not question.drivers or any(set("*?[") & set(name) for name in question.drivers):
        return None
    rivals = [column for _name, columns in question.rivals for column in columns if column != "-"]
    asked = [question.target, *question.drivers, question.by, question.weight, *rivals]
    return [name for name in asked if name]


def sample_of(frame: Frame, question: Question) -> Sample:
    """Return the rows of a table that answer a question."""
    frame.require(question.target, *(name for name in (question.by, question.weight) if name))
    drivers = drivers_of(frame, question)
    y, good, other = _target(frame, question)
    x = np.column_stack([_driver(frame, name, question) for name in drivers])
    weights = _weights(frame, question)
    has_target, has_weight = np.isfinite(y), weights > 0
    asked = has_target & has_weight
    gaps = tuple(_gaps(frame, name, x[:, at], asked) for at, name in enumerate(drivers))
    whole = np.isfinite(x).all(axis=1)
    some = np.isfinite(x).any(axis=1)
    chosen = asked & (whole if question.missing == "rows" else some)
    sample = Sample(
        drivers=drivers,
        x=x if chosen.all() else x[chosen],
        y=y[chosen],
        weights=weights[chosen],
        rows=np.flatnonzero(chosen),
        in_file=frame.n,
        no_target=int((~has_target).sum()),
        no_weight=int((has_target & ~has_weight).sum()),
        no_answer=int((asked & ~chosen).sum()),
        gaps=gaps,
        good=good,
        other=other,
        is_weighted=bool(question.weight),
    )
    refuse_thin(sample, question)
    return _named_good(sample) if good and not question.good else sample


def drivers_of(frame: Frame, question: Question) -> tuple[str, ...]:
    """Return the names of the drivers: those named, those a pattern fits, or every column of numbers that has no other part."""
    used = {question.target, question.by, question.weight, *(c for _name, columns in question.rivals for c in columns)}
    if not question.drivers:
        found = tuple(n for n in frame.names if n not in used and frame.is_number(n) and _rates(frame, n))
        if not found:
            raise WrongQuestion(_("There is no column of numbers beside the target; name the drivers with --drivers"))
        return found
    names: list[str] = []
    for asked in question.drivers:
        fitting = (
            [asked] if asked in frame.names else [n for n in frame.names if fnmatchcase(n, asked) and n not in used]
        )
        refuse_unknown(_("column"), [] if fitting else [asked], frame.names)
        names += [name for name in fitting if name not in names]
    if question.target in names:
        raise WrongQuestion(_("“{name}” cannot be a driver of itself").format(name=question.target))
    return tuple(names)


def _rates(frame: Frame, name: str) -> bool:
    """Whether a column of numbers rates anything: one that is empty does not, nor one that numbers rows or customers."""
    values = frame.coded(name).values
    is_number_of_rows = frame.n > 30 and len(values) == frame.n and all(value.strip().isdigit() for value in values)
    return not is_number_of_rows and bool(np.isfinite(frame.reading(name).numbers).any())


def _driver(frame: Frame, name: str, question: Question) -> Matrix:
    if not frame.is_number(name):
        some = [value for value in frame.coded(name).values if value.strip()][:4]
        raise CannotAnswer(
            _("Driver “{name}” holds words ({words}), not numbers; for comparing groups there is --by").format(
                name=name, words=in_a_row(some)
            )
        )
    numbers = frame.numbers(name, missing=question.no_answers)
    return np.where(numbers == 0, np.nan, numbers) if question.zero_is_missing else numbers


def _target(frame: Frame, question: Question) -> tuple[Matrix, str, str]:
    """The target as numbers; one with two categories as 0 and 1, with the name of the good one and of the other."""
    texts = frame.texts(question.target)
    different = sorted({text for text in set(texts.tolist()) if text and text not in question.no_answers})
    if len(different) == 2:
        if question.good:
            refuse_unknown(_("value"), [question.good], different)
        good = question.good or different[-1]
        other = next(value for value in different if value != good)
        numbers = np.select([texts == good, texts == other], [1.0, 0.0], np.nan)
        return numbers, good, other
    if question.good:
        raise WrongQuestion(
            _("--good names the better of two categories; “{name}” has {count} different answers").format(
                name=question.target, count=len(different)
            )
        )
    if not frame.is_number(question.target):
        raise CannotAnswer(
            _("The target “{name}” holds {count} different words; it has to be a number or have two categories").format(
                name=question.target, count=len(different)
            )
        )
    return frame.numbers(question.target, missing=question.no_answers), "", ""


def _named_good(sample: Sample) -> Sample:
    """When nobody said which of two categories is the better: numbers decide, words go with higher ratings."""
    try:
        turned = float(sample.good) < float(sample.other)
    except ValueError:
        means = np.nanmean(sample.x[sample.y == 1], axis=0), np.nanmean(sample.x[sample.y == 0], axis=0)
        spread = np.nanstd(sample.x, axis=0)
        turned = bool(np.nansum((means[0] - means[1]) / np.where(spread > 0, spread, 1)) < 0)
    if not turned:
        return sample
    return replace(sample, y=1 - sample.y, good=sample.other, other=sample.good)


def _weights(frame: Frame, question: Question) -> Matrix:
    if not question.weight:
        return np.ones(frame.n)
    weights = frame.numbers(question.weight)
    negative = np.flatnonzero(weights < 0)
    if len(negative):
        raise CannotAnswer(
            _("Weight “{name}” is negative in line {line}").format(
                name=question.weight, line=frame.line(int(negative[0]))
            )
        )
    return np.nan_to_num(weights)


def _gaps(frame: Frame, name: str, column: Matrix, asked: NDArray[np.bool_]) -> Gaps:
    gone = ~np.isfinite(column) & asked
    not_for_them = gone & frame.not_applicable(name)
    return Gaps(int(gone.sum() - not_for_them.sum()), int(not_for_them.sum()))


def refuse_thin(sample: Sample, question: Question) -> None:
    """Refuse rows that are too few, or that all say the same."""
    needed = len(sample.drivers) + 2
    if sample.n < needed:
        raise CannotAnswer(
            _(
                "{n} of {rows} rows have an answer to everything that is asked; {drivers} drivers need {needed} at least"
            ).format(n=sample.n, rows=f"{sample.in_file:,}", drivers=len(sample.drivers), needed=needed)
            + _hint(sample, question)
        )
    if np.ptp(sample.y) == 0:
        raise CannotAnswer(
            _("Everybody gave the same answer to “{name}”: there are no differences to explain").format(
                name=question.target
            )
        )


def _hint(sample: Sample, question: Question) -> str:
    if question.missing != "rows" or not sample.no_answer:
        return ""
    worst = max(range(len(sample.drivers)), key=lambda at: sum(astuple(sample.gaps[at])))
    return _("; most gaps are in “{driver}”; --missing pairs or --missing kept use rows with gaps").format(
        driver=sample.drivers[worst]
    )


MOST_SEGMENTS = 12
FEWEST = 30


def parts_of(frame: Frame, sample: Sample, question: Question) -> tuple[list[tuple[str, Sample, bool]], int]:
    """Return the rows of each segment, largest first, with whether they are enough, and how many segments are left aside."""
    texts = frame.texts(question.by)[sample.rows]
    names, counts = np.unique([text for text in texts if text], return_counts=True)
    if len(names) > 4 * MOST_SEGMENTS:
        raise WrongQuestion(
            _("“{name}” has {count} different values; segments need a column with few").format(
                name=question.by, count=f"{len(names):,}"
            )
        )
    needed = max(FEWEST, 5 * (len(sample.drivers) + 1))
    found = []
    for at in np.argsort(-counts, kind="stable")[:MOST_SEGMENTS].tolist():
        part = sample.only(texts == names[at])
        found.append((str(names[at]), part, bool(part.n >= needed and np.ptp(part.y) > 0)))
    return found, max(0, len(names) - MOST_SEGMENTS)
