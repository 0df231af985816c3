"""What customers will still be worth, as an answer: how much, how sure, how well the model told the past, and who is going."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np

from heartline.insight.answers import Answer, CannotAnswer, Cell, Column, Table
from heartline.insight.answers.words import _, in_a_row
from heartline.insight.money import percent, said
from heartline.insight.value.fitting import Fit
from heartline.insight.value.purchases import Purchases, customers, day_of_check
from heartline.insight.value.spending import everybodys_average
from heartline.insight.value.worth import Checked, Plan, Valued, check, value

SHOWN = 20
GONE_BELOW = 0.5
_RELATED = 0.3  # Gamma-Gamma needs the size of purchases to have little to do with their number


def answer(
    bought: Purchases, plan: Plan, *, until: date | None = None, currency: str = "", shown: int = SHOWN
) -> Answer:
    """Return what the customers of a file will buy, and what that is worth today."""
    known = customers(bought, until or bought.last)
    found = value(known, plan, has_amounts=bought.has_amounts)
    checked = _checked(bought, known.until)
    tables = (
        _totals(found, currency),
        *_check_table(checked),
        *_best(bought, found, currency, shown),
        *_going(bought, found, currency, shown),
        _parameters(found),
        _formulas(found),
    )
    says = tuple(_says(found, checked, currency))
    return Answer(
        "value",
        _("What customers will still be worth"),
        says,
        tables,
        tuple(_cautions(bought, found, checked)),
        _facts(found, checked, currency),
    )


def _checked(bought: Purchases, until: date) -> Checked | None:
    """Check the model on the last third of the time, when there is enough before it."""
    day = day_of_check(bought, until)
    if day is None:
        return None
    try:
        return check(bought, customers(bought, day), until)
    except CannotAnswer:
        return None


def _says(found: Valued, checked: Checked | None, currency: str) -> Iterator[str]:
    plan, ends = found.plan, [f"{end:,.0f}" for end in found.all_purchases]
    yield _(
        "{n} customers are expected to make {purchases} purchases in the next {weeks} weeks ({low} to {high})"
    ).format(
        n=f"{found.customers.n:,}",
        purchases=f"{found.purchases.sum():,.0f}",
        weeks=plan.weeks,
        low=ends[0],
        high=ends[1],
    )
    if found.spending is not None:
        low, high = (said(end, currency) for end in found.all_value)
        yield _("That is worth {money} today ({low} to {high})").format(
            money=said(float(found.value.sum()), currency), low=low, high=high
        )
    again = found.customers.history.repeats > 0
    yield _("Of {n} who bought again, {share} are probably still with us; of who bought once nobody can tell").format(
        n=f"{int(again.sum()):,}", share=percent(float(found.alive[again].mean()))
    )
    if checked is not None:
        yield _(
            "Checked on the past: for {weeks} weeks the model expected {expected} purchases, and {came} came"
        ).format(weeks=f"{checked.weeks:.0f}", expected=f"{checked.expected:,.0f}", came=f"{checked.came:,.0f}")


def _totals(found: Valued, currency: str) -> Table:
    plan, again = found.plan, found.customers.history.repeats > 0
    rows: list[tuple[Cell, ...]] = [
        (_("Customers"), None, float(found.customers.n), None, ""),
        (_("Bought again"), None, float(again.sum()), None, ""),
        (_("of them probably still with us"), None, float(found.alive[again].sum()), None, _("sum of the chances")),
        (
            _("Purchases to come"),
            found.all_purchases[0],
            float(found.purchases.sum()),
            found.all_purchases[1],
            _("{weeks} weeks").format(weeks=plan.weeks),
        ),
    ]
    if found.spending is not None:
        how = _("purchases × mean purchase × {margin}, discounted by {discount} a year").format(
            margin=percent(plan.margin), discount=percent(plan.discount, 1)
        )
        total = float(found.value.sum())
        rows.append(
            (
                _("Worth today") + (f" ({currency})" if currency else ""),
                found.all_value[0],
                total,
                found.all_value[1],
                how,
            )
        )
        each = [end / found.customers.n for end in found.all_value]
        rows.append((_("Each customer"), each[0], total / found.customers.n, each[1], ""))
    columns = (
        Column("what", _("What")),
        Column("low", _("Lower end"), "count", digits=0),
        Column("value", _("Value"), "count", digits=0),
        Column("high", _("Upper end"), "count", digits=0),
        Column("how", _("How it is counted")),
    )
    note = _(
        "Lower and upper end: the 95 % interval by how sure the parameters are and by chance. What the model itself gets wrong is not in it: see the check"
    )
    return Table("totals", _("All customers"), columns, tuple(rows), note)


def _check_table(checked: Checked | None) -> Iterator[Table]:
    if checked is None:
        return
    columns = (
        Column("repeats", _("Repeat purchases until then"), "count"),
        Column("customers", _("Customers"), "count"),
        Column("expected", _("Expected of each"), "number"),
        Column("came", _("Came of each"), "number"),
    )
    note = _(
        "Fitted on the first two thirds of the time, compared with the last third. The last row is that many or more"
    )
    yield Table("check", _("Checked on the past"), columns, checked.by_repeats, note)


def _best(bought: Purchases, found: Valued, currency: str, shown: int) -> Iterator[Table]:
    order = np.argsort(-(found.value if found.spending is not None else found.purchases), kind="stable")
    yield _customers("customers", _("Worth most from now on"), bought, found, currency, order[: shown or None])


def _going(bought: Purchases, found: Valued, currency: str, shown: int) -> Iterator[Table]:
    """Yield who was worth much and is probably gone: what is lost with them, the most first."""
    if found.spending is None:
        return
    doubtful = np.flatnonzero((found.alive < GONE_BELOW) & (found.customers.history.repeats > 0))
    if not len(doubtful):
        return
    in_doubt = found.value[doubtful] * (1 / np.maximum(found.alive[doubtful], 1e-3) - 1)
    order = doubtful[np.argsort(-in_doubt, kind="stable")]
    title = _("Probably leaving, who would be worth most if they stayed")
    yield _customers("leaving", title, bought, found, currency, order[: shown or None])


def _customers(key: str, title: str, bought: Purchases, found: Valued, currency: str, rows: np.ndarray) -> Table:
    of = found.customers
    cells = tuple(
        (
            bought.names[of.who[i]],
            int(of.history.repeats[i]) + 1,
            date.fromordinal(int(of.last_day[i])).isoformat(),
            float(of.spent[i]),
            float(found.alive[i]),
            float(found.purchases[i]),
            float(found.average[i]),
            float(found.value[i]),
        )
        for i in rows.tolist()
    )
    columns = (
        Column("customer", _("Customer")),
        Column("purchases", _("Purchases so far"), "count"),
        Column("last", _("Last one")),
        Column("spent", _("Spent so far"), "money", unit=currency),
        Column("alive", _("Still with us"), "share", digits=0),
        Column("expected", _("Purchases to come"), "number"),
        Column("average", _("Mean purchase to come"), "money", digits=2, unit=currency),
        Column("value", _("Worth today"), "money", digits=2, unit=currency),
    )
    return Table(key, title, columns, cells)


def _parameters(found: Valued) -> Table:
    rows: list[tuple[Cell, ...]] = []
    r, alpha, a, b = found.buying.values
    said_of = {
        "r": _("how alike customers are in their pace: the higher, the more alike"),
        "alpha": _("mean pace r ÷ alpha: one purchase in {weeks} weeks").format(weeks=f"{alpha / r:.1f}"),
        "a": _("how alike they are in leaving, with b"),
        "b": _("mean chance to leave after a purchase, a ÷ (a + b): {share}").format(
            share=percent(float(a / (a + b)), 1)
        ),
        "p": _("how alike one customer's purchases are in size: the higher, the more alike"),
        "q": _("how alike customers are in their mean purchase: the higher, the more alike"),
        "gamma": "",
    }
    if found.spending is not None:
        said_of["gamma"] = _("mean purchase of everybody, p × gamma ÷ (q − 1): {mean}").format(
            mean=f"{everybodys_average(found.spending.values):,.2f}"
        )
    for model, one in (("BG/NBD", found.buying), ("Gamma-Gamma", found.spending)):
        rows += _of_fit(model, one, said_of) if one is not None else []
    columns = (
        Column("model", _("Model")),
        Column("parameter", _("Parameter")),
        Column("low", _("Lower end"), "number", digits=3),
        Column("value", _("Value"), "number", digits=3),
        Column("high", _("Upper end"), "number", digits=3),
        Column("says", _("What it says")),
    )
    return Table("parameters", _("Parameters, with 95 % intervals"), columns, tuple(rows))


def _of_fit(model: str, one: Fit, said_of: dict[str, str]) -> list[tuple[Cell, ...]]:
    ends = [one.interval(i) for i in range(len(one.names))]
    return [
        (model, name, ends[i][0], float(one.values[i]), ends[i][1], said_of[name]) for i, name in enumerate(one.names)
    ]


def _formulas(found: Valued) -> Table:
    rows = [
        (_("Purchases to come"), "BG/NBD", "Fader, Hardie, Lee (2005), Marketing Science 24(2), 275–284"),
        (
            _("Still with us"),
            "1 ÷ (1 + a ÷ (b + x − 1) × ((α + T) ÷ (α + t))^(r + x))",
            _("the same; 1 for who bought once"),
        ),
    ]
    if found.spending is not None:
        rows.append(
            (_("Mean purchase to come"), "p × (γ + x × z) ÷ (p × x + q − 1)", "Gamma-Gamma: Fader, Hardie (2013)")
        )
        rows.append(
            (
                _("Worth today"),
                _("purchases to come × mean purchase × margin ÷ (1 + discount)^years, in steps of 4 weeks"),
                "",
            )
        )
    columns = (Column("figure", _("Figure")), Column("formula", _("Formula")), Column("source", _("Source")))
    note = _(
        "x repeat purchases, t week of the last, T weeks since the first, z mean repeat purchase. Several purchases on one day are one"
    )
    return Table("formulas", _("How each figure is made"), columns, tuple(rows), note)


def _cautions(bought: Purchases, found: Valued, checked: Checked | None) -> Iterator[str]:
    if bought.refunds:
        yield _("{n} rows with an amount below zero are taken for refunds and left out").format(n=f"{bought.refunds:,}")
    if checked is None:
        yield _("Too little is known to check the model on the past: take its figures as a guess")
    elif abs(checked.expected - checked.came) > 0.1 * max(checked.came, 1):
        off = (checked.expected - checked.came) / max(checked.came, 1)
        sentence = (
            _("On the past the model expected {share} too many: expect as much here")
            if off > 0
            else _("On the past the model expected {share} too few: expect as much here")
        )
        yield sentence.format(share=percent(abs(off)))
    if alike := [*found.buying.at_the_end, *(found.spending.at_the_end if found.spending else ())]:
        yield _(
            "Customers look all alike in what {parameters} say: one chance or mean for all would do as well, and their intervals say little"
        ).format(parameters=in_a_row(alike))
    if found.correlation is not None and abs(found.correlation) > _RELATED:
        yield _(
            "Who buys more often buys larger or smaller (correlation {value}): the model takes the two for unrelated, so values are less sure"
        ).format(value=f"{found.correlation:.2f}")
    if found.spending is not None and found.plan.margin == 1:
        yield _("Values are revenue. Give --margin to count what is left of it")
    yield _("Customers who sign contracts leave differently: for them use heartline insight churn")
    yield _("Nothing that you do for customers is in the model: it says what comes if all goes on as before")


def _facts(found: Valued, checked: Checked | None, currency: str) -> dict[str, object]:
    facts: dict[str, object] = {
        "currency": currency or None,
        "until": found.customers.until.isoformat(),
        "weeks": found.plan.weeks,
        "margin": found.plan.margin,
        "discount": found.plan.discount,
        "seed": found.plan.seed,
        "customers": found.customers.n,
        "alive_of_repeat_buyers": float(found.alive[found.customers.history.repeats > 0].sum()),
        "purchases": {
            "low": found.all_purchases[0],
            "base": float(found.purchases.sum()),
            "high": found.all_purchases[1],
        },
        "bg_nbd": dict(zip(found.buying.names, found.buying.values.tolist(), strict=True))
        | {"log_likelihood": found.buying.log_likelihood},
    }
    if found.spending is not None:
        facts["value"] = {"low": found.all_value[0], "base": float(found.value.sum()), "high": found.all_value[1]}
        facts["gamma_gamma"] = dict(zip(found.spending.names, found.spending.values.tolist(), strict=True)) | {
            "log_likelihood": found.spending.log_likelihood
        }
        facts["correlation"] = found.correlation
    if checked is not None:
        facts["check"] = {"weeks": checked.weeks, "expected": checked.expected, "came": checked.came}
    return facts
