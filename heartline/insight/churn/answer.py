"""Churn as an answer: how well leaving can be told, whether chances come true, what goes with it, and who is about to go."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import Answer, CannotAnswer, Cell, Column, Picture, Table
from heartline.insight.answers.drawing import Bar, bars
from heartline.insight.answers.words import _, in_a_row
from heartline.insight.churn.design import Design
from heartline.insight.churn.model import FOLDS, Model, Quality, auc_of, fit, quality
from heartline.insight.churn.reasons import Reason, reasons, why
from heartline.insight.files import Frame
from heartline.insight.money import percent, said
from heartline.insight.statistics import wilson
from heartline.insight.value.fitting import Vector

REACHED = (0.05, 0.10, 0.20, 0.30, 0.50)
TENTHS = 10
SHOWN = 20
DRAWN = 4
_GIVES_AWAY = 0.95
_PER_COLUMN = 10
_SAME = 0.8
# Columns of these names say who somebody is: acting on them may be unfair or forbidden.
_PERSONAL = frozenset("gender sex age race religion senior marital".split())
_PERSONAL_IN_CHINESE = ("性别", "年龄", "民族", "宗教", "婚姻")


@dataclass(frozen=True)
class Asking:
    """What is shown beside chances: the customer's name, what they are worth, other columns; how many, from which seed."""

    id: str = ""
    value: str = ""
    show: tuple[str, ...] = ()
    currency: str = ""
    shown: int = SHOWN
    seed: int = 1


@dataclass(frozen=True)
class _Found:
    design: Design
    model: Model
    quality: Quality
    reasons: tuple[Reason, ...]
    here: NDArray[np.int64]
    chances: Vector
    left: NDArray[np.bool_]
    values: Vector | None


def answer(frame: Frame, design: Design, asking: Asking) -> Answer:
    """Return what the customers of a file tell about leaving."""
    known = design.known
    left = design.outcome[known] == 1
    model = fit(design.rows[known], left, seed=asking.seed)
    here, chances = _who_is_here(design, model, left)
    values = _values(frame, asking.value)
    found = _Found(
        design,
        model,
        quality(model.unseen, left),
        reasons(design, model, seed=asking.seed),
        here,
        chances,
        left,
        values,
    )
    tables = (
        _reasons_table(found),
        _customers(frame, found, asking),
        _reached(found),
        _calibration(found),
        _quality_table(found),
        *_not_used(found),
    )
    return Answer(
        "churn",
        _("Who will leave"),
        tuple(_says(found, asking)),
        tables,
        tuple(_cautions(found)),
        _facts(found, asking),
        (_picture(found),),
    )


def _picture(found: _Found) -> Picture:
    """Return what goes most with leaving, drawn for the page."""
    rows = [
        Bar(f"{reason.name}: {one.short}", one.chance, one.low, one.high, percent(one.chance))
        for reason in found.reasons[:DRAWN]
        for one in sorted(reason.levels, key=lambda one: -one.chance)
    ]
    return Picture("reasons", _("Would leave, all else alike"), bars(rows))


def _who_is_here(design: Design, model: Model, left: NDArray[np.bool_]) -> tuple[NDArray[np.int64], Vector]:
    """Return the customers of today: those of whom nothing is known yet, or else all who stayed, by a model made without them."""
    if len(design.unknown):
        return design.unknown, model.chances(design.rows[design.unknown])
    return design.known[~left], model.unseen[~left]


def _values(frame: Frame, name: str) -> Vector | None:
    if not name:
        return None
    values = frame.numbers(name)
    if (wrong := np.flatnonzero(values < 0)).size:
        raise CannotAnswer(
            _("Column “{name}” is below zero in {count} rows, first in line {line}: {value}").format(
                name=name, count=len(wrong), line=frame.line(int(wrong[0])), value=f"{values[wrong[0]]:g}"
            )
        )
    return np.nan_to_num(values)


def _at_risk(found: _Found) -> tuple[float, float, float]:
    """Return the money that leaves with customers of today, between its 95 % ends by chance."""
    assert found.values is not None
    money = found.values[found.here]
    base = float(found.chances @ money)
    half = 1.96 * float(np.sqrt(np.sum(found.chances * (1 - found.chances) * money**2)))
    return max(0.0, base - half), base, base + half


def _says(found: _Found, asking: Asking) -> Iterator[str]:
    good = found.quality
    yield _(
        "Of two customers, the one who leaves is told from the one who stays in {auc} of cases ({low} to {high}), on customers the model did not see"
    ).format(auc=percent(good.auc, 1), low=percent(good.low, 1), high=percent(good.high, 1))
    if good.slope_low <= 1 <= good.slope_high:
        yield _("Chances come true as often as they say")
    elif good.slope < 1:
        yield _("Chances are too bold: high ones are too high, low ones too low")
    else:
        yield _("Chances are too timid: high ones are too low, low ones too high")
    strongest = found.reasons[0]
    ends = sorted(strongest.levels, key=lambda level: level.chance)
    yield _(
        "{name} goes most with leaving: with “{worst}” {high} would leave, with “{best}” {low}, all else as it is"
    ).format(
        name=strongest.name,
        worst=ends[-1].said,
        best=ends[0].said,
        high=percent(ends[-1].chance),
        low=percent(ends[0].chance),
    )
    tenth = _reach(found, 0.10)
    yield _("The riskiest tenth of customers holds {share} of all who leave").format(share=percent(tenth[2]))
    if found.values is not None:
        low, base, high = (said(end, asking.currency) for end in _at_risk(found))
        yield _("Customers of today take {money} with them ({low} to {high})").format(money=base, low=low, high=high)


def _reasons_table(found: _Found) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for reason in found.reasons:
        levels = sorted(reason.levels, key=lambda one: -one.chance)
        rows += [
            (reason.name, reason.weight, one.said, one.customers, one.left, one.low, one.chance, one.high)
            for one in levels
        ]
    columns = (
        Column("feature", _("What")),
        Column("weight", _("Tells"), "number", digits=3),
        Column("value", _("Value")),
        Column("customers", _("Customers"), "count"),
        Column("left", _("Who left"), "share"),
        Column("low", _("Lower end"), "share"),
        Column("chance", _("Would leave, all else alike"), "share"),
        Column("high", _("Upper end"), "share"),
    )
    note = _(
        "Tells: how far AUC falls when the column is shuffled. Left: those who have the value. Would leave: everybody, if all had it and nothing else changed; 95 % interval"
    )
    return Table("reasons", _("What goes with leaving"), columns, tuple(rows), note)


def _customers(frame: Frame, found: _Found, asking: Asking) -> Table:
    """Yield who is about to leave, by the money that would go with them when it is known."""
    money = found.values[found.here] if found.values is not None else None
    order = np.argsort(-(found.chances if money is None else found.chances * money), kind="stable")
    order = order[: asking.shown or None]
    because = why(found.design, found.model, found.here[order])
    beside = [frame.texts(name) for name in asking.show]
    names = frame.texts(asking.id) if asking.id else None
    rows: list[tuple[Cell, ...]] = []
    for at, reason in zip(order.tolist(), because, strict=True):
        row = int(found.here[at])
        name = str(names[row]) if names is not None else _("line {line}").format(line=frame.line(row))
        worth = () if money is None else (float(money[at]), float(money[at] * found.chances[at]))
        rows.append((name, float(found.chances[at]), *worth, reason, *(str(texts[row]) or None for texts in beside)))
    columns = [Column("customer", _("Customer")), Column("chance", _("Chance to leave"), "share")]
    if money is not None:
        columns += [
            Column("value", _("Value"), "money", unit=asking.currency),
            Column("at_risk", _("At risk"), "money", unit=asking.currency),
        ]
    columns += [
        Column("why", _("What raises it most")),
        *(Column(f"shown_{i}", name) for i, name in enumerate(asking.show, 1)),
    ]
    title = _("Who is about to leave")
    return Table("customers", title, tuple(columns), tuple(rows))


def _reach(found: _Found, share: float) -> tuple[int, float, float]:
    """Return how many customers the riskiest share is, how many of them left, and of all who left how many are in it."""
    order = np.argsort(-found.model.unseen, kind="stable")
    n = max(1, round(share * len(order)))
    hits = int(found.left[order[:n]].sum())
    return n, hits / n, hits / int(found.left.sum())


def _reached(found: _Found) -> Table:
    everywhere = float(found.left.mean())
    rows: list[tuple[Cell, ...]] = []
    for share in REACHED:
        n, left, reached = _reach(found, share)
        low, high = wilson(round(left * n), n)
        rows.append((share, n, left, low, high, reached, left / everywhere))
    columns = (
        Column("riskiest", _("The riskiest"), "share", digits=0),
        Column("customers", _("Customers"), "count"),
        Column("left", _("Who left"), "share"),
        Column("low", _("Lower end"), "share"),
        Column("high", _("Upper end"), "share"),
        Column("reached", _("Of all who left"), "share"),
        Column("times", _("Times the mean"), "number", digits=1),
    )
    note = _(
        "If you speak to the riskiest: how many of them would have left, and how many of all who left you would have met"
    )
    return Table("reached", _("Whom a campaign reaches"), columns, tuple(rows), note)


def _calibration(found: _Found) -> Table:
    order = np.argsort(found.model.unseen, kind="stable")
    rows: list[tuple[Cell, ...]] = []
    for part in np.array_split(order, TENTHS):
        hits = int(found.left[part].sum())
        low, high = wilson(hits, len(part))
        expected = float(found.model.unseen[part].mean())
        rows.append((expected, hits / len(part), low, high, len(part), low <= expected <= high))
    columns = (
        Column("chance", _("Chance told"), "share"),
        Column("left", _("Who left"), "share"),
        Column("low", _("Lower end"), "share"),
        Column("high", _("Upper end"), "share"),
        Column("customers", _("Customers"), "count"),
        Column("fits", _("Fits"), "yes"),
    )
    note = _("Tenths of customers by their chance, each told by a model made without them")
    return Table("calibration", _("Do chances come true?"), columns, tuple(rows), note)


def _quality_table(found: _Found) -> Table:
    good = found.quality
    base = float(found.left.mean())
    rows = (
        (
            "AUC",
            good.low,
            good.auc,
            good.high,
            _("how often who left had the higher chance of two; 0.5 is a coin (DeLong)"),
        ),
        (
            _("Calibration slope"),
            good.slope_low,
            good.slope,
            good.slope_high,
            _("1 when chances come true; below 1 they are too bold"),
        ),
        (
            _("Brier score"),
            None,
            good.brier,
            None,
            _("mean squared miss; {base} if everybody had the mean chance").format(base=f"{base * (1 - base):.3f}"),
        ),
    )
    columns = (
        Column("figure", _("Figure")),
        Column("low", _("Lower end"), "number", digits=3),
        Column("value", _("Value"), "number", digits=3),
        Column("high", _("Upper end"), "number", digits=3),
        Column("says", _("What it says")),
    )
    note = _("Logistic regression; each of {folds} parts of the customers told by the model of the others").format(
        folds=FOLDS
    )
    return Table("quality", _("How good the model is"), columns, rows, note)


def _not_used(found: _Found) -> Iterator[Table]:
    if found.design.not_used:
        columns = (Column("column", _("In the file")), Column("why", _("Why not")))
        yield Table("not_used", _("Columns that are not used"), columns, found.design.not_used)


def _cautions(found: _Found) -> Iterator[str]:
    yield _(
        "What goes with leaving need not cause it. Try a remedy on some of the riskiest, chosen by lot, and compare them with the others"
    )
    if given_away := _giving_away(found):
        yield _("Told almost alone by: {names}. Is that known before the customer leaves, or only after?").format(
            names=in_a_row(given_away)
        )
    if alike := _alike(found):
        yield _(
            "These say nearly the same: {names}. Between them the weight is shared by chance, and a reason may even point the wrong way: leave some of them out"
        ).format(names=in_a_row(alike))
    if personal := [one.name for one in found.design.features if _is_personal(one.name)]:
        yield _(
            "These say who a customer is, not what they met with: {names}. Treating people by them may be unfair or forbidden; --leave-out leaves them out"
        ).format(names=in_a_row(personal))
    rare = min(int(found.left.sum()), int((~found.left).sum()))
    if rare < _PER_COLUMN * found.design.rows.shape[1]:
        yield _(
            "{rare} customers for {columns} weights are few: leave columns out, or take the reasons as a guess"
        ).format(rare=rare, columns=found.design.rows.shape[1])
    yield _("Chances are for a time as long as the file's, and for customers like its customers")


def _alike(found: _Found) -> list[str]:
    """Return groups of features of which one nearly tells the others."""
    together = np.abs(np.corrcoef(found.design.rows[found.design.known], rowvar=False))
    groups: list[set[int]] = []
    own = [found.design.columns_of(one) for one in found.design.features]
    for i, one in enumerate(own):
        same = {j for j, other in enumerate(own) if j == i or float(np.nanmax(together[one, other])) > _SAME}
        touched = [group for group in groups if group & same]
        groups = [group for group in groups if not group & same] + [same.union(*touched)]
    names = [one.name for one in found.design.features]
    return [" / ".join(names[i] for i in sorted(group)) for group in groups if len(group) > 1]


def _is_personal(name: str) -> bool:
    words = {word.casefold() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])", name)}
    return bool(words & _PERSONAL) or any(word in name for word in _PERSONAL_IN_CHINESE)


def _giving_away(found: _Found) -> list[str]:
    """Return features that tell nearly everything alone: often something that is written down when a customer leaves."""
    rows = found.design.rows[found.design.known]
    alone = []
    for feature in found.design.features:
        own = found.design.columns_of(feature)
        auc, _error = auc_of(rows[:, own] @ found.model.weights[own], found.left)
        if auc > _GIVES_AWAY:
            alone.append(feature.name)
    return alone


def _facts(found: _Found, asking: Asking) -> dict[str, object]:
    good = found.quality
    facts: dict[str, object] = {
        "customers": len(found.left),
        "left": int(found.left.sum()),
        "customers_of_today": len(found.here),
        "auc": {"low": good.low, "base": good.auc, "high": good.high},
        "calibration_slope": {"low": good.slope_low, "base": good.slope, "high": good.slope_high},
        "brier": good.brier,
        "folds": FOLDS,
        "seed": asking.seed,
        "columns": [one.name for one in found.design.features],
    }
    if found.values is not None:
        low, base, high = _at_risk(found)
        facts["value_at_risk"] = {"low": low, "base": base, "high": high}
        facts["currency"] = asking.currency or None
    return facts


def columns_to_use(
    names: Sequence[str], asking: Asking, target: str, chosen: Sequence[str], left_out: Sequence[str]
) -> list[str]:
    """Return the columns that may go with leaving: those chosen, or all but the target, the name and those left out."""
    apart = {target, asking.id, *left_out}
    return [name for name in (chosen or names) if name not in apart]
