"""From a file and the names of its columns to what is asked of loyalty. Scales are checked: a wrong one would count, quietly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from heartline.insight.answers import CannotAnswer, WrongQuestion
from heartline.insight.answers.words import _
from heartline.insight.either import is_yes
from heartline.insight.files import Frame
from heartline.insight.files.frame import Numbers


@dataclass(frozen=True)
class Columns:
    """Which columns hold what; an empty name is one that is not asked."""

    nps: str = ""
    csat: str = ""
    ces: str = ""
    spend: str = ""
    before: str = ""
    earned: str = ""
    won: str = ""
    lost: str = ""
    by: str = ""

    def named(self) -> list[str]:
        """Return the names that were given."""
        return [name for name in vars(self).values() if name]


@dataclass(frozen=True)
class Asked:
    """The columns as numbers, NaN where nothing is known; a row is a customer or a response."""

    source: str
    n: int
    nps: Numbers | None
    csat: Numbers | None
    ces: Numbers | None
    spend: Numbers | None
    before: Numbers | None
    earned: Sequence[bool | None] | None
    won: Numbers | None
    lost: Numbers | None
    by: Sequence[str] | None


def asked(frame: Frame, columns: Columns, *, ces_is: str = "ease") -> Asked:
    """Return what a file says under the names that were given; refuses scales and amounts that cannot be."""
    frame.require(*columns.named())
    _refuse_half_questions(columns)
    if frame.n == 0:
        raise CannotAnswer(_("{file} has no rows").format(file=frame.source))
    return Asked(
        frame.source,
        frame.n,
        nps=_scale(frame, columns.nps, 0, 10),
        csat=_scale(frame, columns.csat, 1, 5),
        ces=_eased(_scale(frame, columns.ces, 1, 7), ces_is),
        spend=_money(frame, columns.spend),
        before=_money(frame, columns.before),
        earned=_either(frame, columns.earned),
        won=_money(frame, columns.won),
        lost=_money(frame, columns.lost),
        by=[str(one) for one in frame.texts(columns.by)] if columns.by else None,
    )


def _refuse_half_questions(columns: Columns) -> None:
    if not (columns.nps or columns.csat or columns.ces or columns.spend):
        raise WrongQuestion(_("Name at least one column with --nps, --csat, --ces or --spend"))
    for option, needs in (("before", "spend"), ("earned", "before"), ("won", "nps"), ("lost", "nps"), ("by", "nps")):
        if getattr(columns, option) and not getattr(columns, needs):
            raise WrongQuestion(_("--{option} needs --{needs}").format(option=option, needs=needs))
    if (columns.won or columns.lost) and not columns.spend:
        raise WrongQuestion(
            _("Word of mouth counts in money with --spend: a customer won or lost is worth an average one")
        )


def _scale(frame: Frame, name: str, low: int, high: int) -> Numbers | None:
    """Read answers on a scale of whole numbers."""
    if not name:
        return None
    numbers = frame.numbers(name)
    known = np.isfinite(numbers)
    if not known.any():
        raise CannotAnswer(_("Column “{name}” has no answers").format(name=name))
    wrong = np.flatnonzero(known & ((numbers < low) | (numbers > high) | (numbers != np.round(numbers))))
    if len(wrong):
        raise CannotAnswer(
            _(
                "Column “{name}” is answered in whole numbers from {low} to {high}; {count} are not, first in line {line}: {value}"
            ).format(
                name=name,
                low=low,
                high=high,
                count=len(wrong),
                line=frame.line(int(wrong[0])),
                value=f"{numbers[wrong[0]]:g}",
            )
        )
    return numbers


def _eased(answers: Numbers | None, ces_is: str) -> Numbers | None:
    """Turn a scale of effort round, so that more is always easier."""
    return 8 - answers if answers is not None and ces_is == "effort" else answers


def _money(frame: Frame, name: str) -> Numbers | None:
    if not name:
        return None
    numbers = frame.numbers(name)
    if (wrong := np.flatnonzero(numbers < 0)).size:
        raise CannotAnswer(
            _("Column “{name}” is below zero in {count} rows, first in line {line}: {value}").format(
                name=name, count=len(wrong), line=frame.line(int(wrong[0])), value=f"{numbers[wrong[0]]:g}"
            )
        )
    if not np.nansum(numbers) > 0:
        raise CannotAnswer(_("Column “{name}” sums to nothing").format(name=name))
    return numbers


def _either(frame: Frame, name: str) -> list[bool | None] | None:
    if not name:
        return None
    found: list[bool | None] = []
    for row, text in enumerate(frame.texts(name)):
        says = is_yes(text) if text else None
        if text and says is None:
            raise CannotAnswer(_("Line {line}: “{text}” is neither yes nor no").format(line=frame.line(row), text=text))
        found.append(says)
    return found
