"""NPS told apart by a column: each segment against all others, corrected for having looked so often."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from heartline.insight.answers import CannotAnswer, Cell, Column, Table
from heartline.insight.answers.words import _
from heartline.insight.loyalty.asking import Asked
from heartline.insight.loyalty.scores import FEWEST, Groups, gap, groups_of, holm

MOST_SEGMENTS = 100
_CHANCE = 0.05


def segments_table(asked: Asked) -> Iterator[Table]:
    """Yield the segments, the best first, and which of them differ from the rest by more than chance."""
    if asked.by is None or asked.nps is None:
        return
    found = _segments(asked)
    everybody = groups_of(asked.nps[np.isfinite(asked.nps)].tolist())
    compared = {
        name: gap(one, everybody - one)
        for name, one in found.items()
        if one.n >= FEWEST and everybody.n - one.n >= FEWEST
    }
    chances = dict(zip(compared, holm([one.p for one in compared.values()]), strict=True))
    rows: list[tuple[Cell, ...]] = []
    for name, one in sorted(found.items(), key=lambda item: (item[1].n < FEWEST, -item[1].score)):
        enough = one.n >= FEWEST
        low, high = one.interval() if enough else (None, None)
        difference = compared[name].difference if name in compared else None
        rows.append(
            (
                name or _("not given"),
                one.n,
                one.score if enough else None,
                low,
                high,
                difference,
                chances.get(name),
                _verdict(chances.get(name), difference),
            )
        )
    columns = (
        Column("segment", _("Segment")),
        Column("n", _("Sample size"), "count"),
        Column("nps", "NPS", "number", digits=1),
        Column("low", _("Lower end"), "number", digits=1),
        Column("high", _("Upper end"), "number", digits=1),
        Column("difference", _("Against the rest"), "number", digits=1),
        Column("p", _("Chance, corrected"), "number", digits=4),
        Column("verdict", _("Verdict")),
    )
    note = _(
        "Below {least} answers no score is shown. Chance: how often a difference as large comes without a cause, corrected for the number of segments (Holm)"
    ).format(least=FEWEST)
    yield Table("segments", _("NPS by segment"), columns, tuple(rows), note)


def _segments(asked: Asked) -> dict[str, Groups]:
    assert asked.nps is not None
    scores: dict[str, list[float]] = {}
    for name, score in zip(asked.by or (), asked.nps.tolist(), strict=True):
        if score == score:  # noqa: PLR0124  # NaN alone differs from itself
            scores.setdefault(name, []).append(score)
    if len(scores) > MOST_SEGMENTS:
        raise CannotAnswer(
            _("{n} segments are too many to tell apart; at most {most}").format(n=len(scores), most=MOST_SEGMENTS)
        )
    return {name: groups_of(one) for name, one in scores.items()}


def _verdict(chance: float | None, difference: float | None) -> str:
    if chance is None or difference is None:
        return _("too few answers")
    if chance >= _CHANCE:
        return _("cannot be told from the rest")
    return _("better than the rest") if difference > 0 else _("worse than the rest")
