"""Problems counted one by one: which to mend first, and what a month of one that comes back costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random

from heartline.insight.answers import Column, Table
from heartline.insight.answers.words import _
from heartline.insight.damage.inputs import Input
from heartline.insight.damage.levers import Range, spread
from heartline.insight.damage.problems import Problem, Recurring, inaction, ranked
from heartline.insight.damage.reading import Model

_FEWER = 4  # a problem's own figures are simple: fewer draws tell their ends as well


def problems_table(model: Model, seed: int, draws: int) -> Iterator[Table]:
    """Yield the problems by the market they put at risk, when the file names any."""
    if not model.problems:
        return
    problems = [Problem(name, one["frequency"].value, one["repurchase"].value) for name, one in model.problems.items()]
    often = {one.name: i for i, one in enumerate(sorted(problems, key=lambda one: -one.frequency), 1)}
    worth = model.inputs["customers"].value * model.inputs["value"].value
    rows = []
    for rank, one in enumerate(ranked(problems), 1):
        at_risk = _at_risk(model.problems[one.name], seed, draws)
        ends = at_risk.low, at_risk.base, at_risk.high
        rows.append(
            (
                rank,
                _title(model, "problem", one.name),
                one.frequency,
                often[one.name],
                one.repurchase,
                *ends,
                at_risk.base * worth,
            )
        )
    columns = (
        Column("rank", _("Rank"), "count"),
        Column("problem", _("Problem")),
        Column("frequency", _("Customers who have it"), "share"),
        Column("rank_by_frequency", _("Rank by frequency"), "count"),
        Column("repurchase", _("Would surely buy again"), "share"),
        Column("low", _("Lower end"), "share"),
        Column("at_risk", _("Market at risk"), "share"),
        Column("high", _("Upper end"), "share"),
        Column("money", _("Worth"), "money", unit=model.currency),
    )
    note = _("Market at risk = share who have it × (1 − share who would surely buy again); worth = that × customers × value. Whoever has several counts once, under the most serious")  # fmt: skip
    yield Table("problems", _("Which problem first"), columns, tuple(rows), note)


def _at_risk(inputs: Mapping[str, Input], seed: int, draws: int) -> Range:
    rng = Random(seed)  # noqa: S311  # a simulation, not a secret
    return spread(inputs, lambda at: at["frequency"] * (1 - at["repurchase"]), rng=rng, draws=draws // _FEWER)


def recurring_table(model: Model, seed: int, draws: int) -> Iterator[Table]:
    """Yield what a month of each problem that comes back costs, when the file names any."""
    if not model.recurring:
        return
    unit = model.currency
    found = [inaction(Recurring(name, **_values(one))) for name, one in model.recurring.items()]
    rows = []
    for one in sorted(found, key=lambda one: -one.counted):
        range_ = _counted(model.recurring[one.name], seed, draws)
        parts = (
            one.handling,
            one.complained,
            one.silent,
            range_.low,
            one.counted,
            range_.high,
            one.per_year,
            one.word_of_mouth,
        )
        rows.append((_title(model, "recurring", one.name), one.occurrences, *parts))
    columns = (
        Column("problem", _("Problem")),
        Column("occurrences", _("Happens each month"), "count", digits=0),
        Column("handling", _("Handling and rework"), "money", unit=unit),
        Column("complained", _("Lost of those who complain"), "money", unit=unit),
        Column("silent", _("Lost of those who do not"), "money", unit=unit),
        Column("low", _("Lower end"), "money", unit=unit),
        Column("counted", _("Cost each month"), "money", unit=unit),
        Column("high", _("Upper end"), "money", unit=unit),
        Column("per_year", _("Cost each year"), "money", unit=unit),
        Column("word_of_mouth", _("Apart: word of mouth"), "money", unit=unit),
    )
    note = _("Happens = complaints ÷ share who complain. Cost = complaints × (handling + rework) + complaints × drop × value + the silent × their drop × value")  # fmt: skip
    yield Table("recurring", _("Cost of inaction for problems that come back"), columns, tuple(rows), note)


def _counted(inputs: Mapping[str, Input], seed: int, draws: int) -> Range:
    def cost(at: Mapping[str, float]) -> float:
        return inaction(Recurring("", **{"rework": 0.0, **at})).counted if at["complain"] > 0 else 0.0

    return spread(inputs, cost, rng=Random(seed), draws=draws // _FEWER)  # noqa: S311  # a simulation, not a secret


def _values(inputs: Mapping[str, Input]) -> dict[str, float]:
    return {"rework": 0.0} | {key: one.value for key, one in inputs.items()}


def _title(model: Model, group: str, name: str) -> str:
    return model.titles.get(f"{group}.{name}.title", name)
