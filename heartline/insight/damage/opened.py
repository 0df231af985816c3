"""Every figure of a damage model opened: the formula, the numbers in it, and where each of those is from."""

from __future__ import annotations

from datetime import date

from heartline.insight.answers import Cell, Column, Table
from heartline.insight.answers.words import _
from heartline.insight.damage import naming
from heartline.insight.damage.inputs import Input
from heartline.insight.damage.levers import Result
from heartline.insight.damage.reading import Model


def formulas(model: Model, result: Result) -> Table:
    """Return how each headline figure is made, in words and with this model's numbers in place."""
    damage = result.damage
    at = {path: one.value for path, one in model.inputs.items()}
    sums = " + ".join(f"{cell.people:,.0f} × {at['loyalty.no_problem'] - cell.loyalty:.3g}" for cell in damage.cells)
    rows = (
        (
            _("Customers with a problem"),
            _("customers × share with a problem"),
            f"{at['customers']:,.0f} × {at['problems']:g}",
            damage.with_problems,
        ),
        (
            _("Customers lost"),
            _("sum of people × (loyalty without a problem − loyalty of the group)"),
            sums,
            damage.lost,
        ),
        (
            _("At risk in a year"),
            _("customers lost × value of a customer"),
            f"{damage.lost:,.1f} × {at['value']:,.10g}",
            damage.revenue_at_risk,
        ),
        (
            _("Cost of inaction, each month"),
            _("at risk in a year ÷ 12"),
            f"{damage.revenue_at_risk:,.0f} ÷ 12",
            damage.per_month,
        ),
        (
            _("Apart: word of mouth"),
            _("value × (hear good × share won − hear bad × share lost)"),
            f"{at['value']:,.10g} × ({damage.prospects_won:,.1f} − {damage.prospects_lost:,.1f})",
            damage.word_of_mouth,
        ),
        (_("Payoff of a lever"), _("at risk now − at risk with the lever changed"), None, None),
    )
    columns = (
        Column("figure", _("Figure")),
        Column("formula", _("Formula")),
        Column("here", _("With these numbers")),
        Column("result", _("Result"), "count", digits=0),
    )
    return Table("formulas", _("How each figure is made"), columns, rows)


def inputs_table(model: Model, today: date) -> Table:
    """Return every input with its range, source, owner and date, and what is open about it."""
    rows = [_row(one.path, naming.number(path), one, today) for path, one in model.inputs.items()]
    for lever in model.levers:
        name = naming.lever(lever.name, lever.title)
        changes = [*lever.changes.items(), *([("cost", lever.cost)] if lever.cost else [])]
        rows += [_row(one.path, f"{name} · {naming.number(path)}", one, today) for path, one in changes]
    for group, named in (("problem", model.problems), ("recurring", model.recurring)):
        for name, found in named.items():
            title = model.titles.get(f"{group}.{name}.title", name)
            rows += [_row(one.path, f"{title} · {naming.number(path)}", one, today) for path, one in found.items()]
    columns = (
        Column("input", _("Input")),
        Column("path", _("In the file")),
        Column("value", _("Value"), "count", digits=3),
        Column("low", _("Lower end"), "count", digits=3),
        Column("high", _("Upper end"), "count", digits=3),
        Column("n", _("Sample size"), "count"),
        Column("source", _("Source")),
        Column("owner", _("Agreed by")),
        Column("agreed", _("Agreed on")),
        Column("state", _("State")),
    )
    return Table("inputs", _("What it rests on"), columns, tuple(rows))


def _row(path: str, name: str, one: Input, today: date) -> tuple[Cell, ...]:
    low, high = (None, None) if one.is_certain else one.ends()
    agreed = one.agreed.isoformat() if one.agreed else None
    return name, path, one.value, low, high, one.n, one.source or None, one.owner or None, agreed, _state(one, today)


def _state(one: Input, today: date) -> str:
    if one.is_stale(today):
        return _("older than 12 months")
    return _("agreed") if one.agreed else _("not agreed")
