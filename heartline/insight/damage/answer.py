"""A damage model as an answer for a finance director: each figure with its formula, its inputs, their source and how sure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from heartline.insight.answers import Answer, Cell, Column, Picture, Table
from heartline.insight.answers.drawing import Bar, bars
from heartline.insight.answers.words import _, in_a_row
from heartline.insight.damage import naming
from heartline.insight.damage.cautions import cautions
from heartline.insight.damage.counting import MONTHS, RULE_OF_THUMB, Damage, Loyalty
from heartline.insight.damage.levers import DRAWS, Payoff, Range, Result, work_out
from heartline.insight.damage.opened import formulas, inputs_table
from heartline.insight.damage.reading import Model
from heartline.insight.damage.singly import problems_table, recurring_table
from heartline.insight.money import percent, said

MOST_SWINGS = 8
SURELY = 0.95


def answer(model: Model, *, today: date, seed: int = 1, draws: int = DRAWS) -> Answer:
    """Return what a model says: the year as it stands, what each lever would bring back, and what all that rests on."""
    result = work_out(model.inputs, model.levers, rng=Random(seed), draws=draws)  # noqa: S311  # a simulation, not a secret
    tables = (
        _amounts(model, result),
        _cells(model, result.damage),
        *_levers(model, result),
        *_deciding(model, result),
        _word_of_mouth(model, result),
        *problems_table(model, seed, draws),
        *recurring_table(model, seed, draws),
        _beside(result.damage),
        formulas(model, result),
        inputs_table(model, today),
    )
    title = model.title or _("What problems cost")
    return Answer(
        "damage",
        title,
        tuple(_says(model, result)),
        tables,
        tuple(cautions(model, today)),
        _facts(model, result, today, seed, draws),
        tuple(_pictures(model, result)),
    )


def _pictures(model: Model, result: Result) -> Iterator[Picture]:
    """Yield the levers with their ranges, for the page."""
    if result.levers:
        payoffs = [*result.levers, *([result.together] if result.together else [])]
        rows = [
            Bar(
                _lever(model, one.name) if one.name else _("All together"),
                one.counted.base,
                one.counted.low,
                one.counted.high,
                _money(model, one.counted.base),
            )
            for one in payoffs
        ]
        yield Picture("levers", _("What levers would bring back in a year"), bars(rows))


def _says(model: Model, result: Result) -> Iterator[str]:
    damage, at_risk = result.damage, result.at_risk
    yield _(
        "Problems put {money} of {basis} at risk in a year{range}: {lost} of {people} customers with a problem leave because of it"
    ).format(
        money=_money(model, at_risk.base),
        basis=naming.basis(model.value_is),
        range=_between(model, at_risk),
        lost=_count(damage.lost),
        people=_count(damage.with_problems),
    )
    yield _("Each month in which nothing is done costs {money}").format(money=_money(model, damage.per_month))
    silent = next(cell for cell in damage.cells if cell.outcome == "silent")
    if damage.lost > 0 and silent.lost > 0:
        yield _("Of those who leave, {share} never complained").format(share=percent(silent.lost / damage.lost))
    yield from _says_of_levers(model, result)


def _says_of_levers(model: Model, result: Result) -> Iterator[str]:
    if not result.levers:
        return
    with_cost = all(one.cost is not None for one in result.levers)
    best = max(result.levers, key=lambda one: one.net if with_cost and one.net is not None else one.counted.base)
    sentence = _("{lever} alone would bring back most: {money} in a year{range}")
    if with_cost:
        sentence = _(
            "{lever} alone would leave most after its cost: {money} in a year, from a payoff of {payoff}{range}"
        )
    yield sentence.format(
        lever=_lever(model, best.name),
        money=_money(model, best.net if with_cost and best.net is not None else best.counted.base),
        payoff=_money(model, best.counted.base),
        range=_between(model, best.counted),
    )
    if best.best_in is not None:
        yield _("In {share} of the draws it is the best of the levers").format(share=percent(best.best_in))
    if unsure := [one for one in result.levers if one.pays_in is not None and one.pays_in < SURELY]:
        yield _("It cannot be said surely that these pay: {levers}").format(
            levers=in_a_row([_lever(model, one.name) for one in unsure])
        )
    if result.together:
        yield _(
            "All levers together would bring back {money}{range}; payoffs are not added, because levers act on the same customers"
        ).format(money=_money(model, result.together.counted.base), range=_between(model, result.together.counted))


def _amounts(model: Model, result: Result) -> Table:
    """The headline first; word of mouth below it, never in it."""
    at_risk, damage, words = result.at_risk, result.damage, result.word_of_mouth
    month = Range(*(amount / MONTHS for amount in (at_risk.base, at_risk.low, at_risk.high)))
    rows: list[tuple[Cell, ...]] = [
        (
            _("{basis} at risk in a year").format(basis=naming.basis(model.value_is, starts=True)),
            at_risk.low,
            at_risk.base,
            at_risk.high,
        ),
        (_("Cost of inaction, each month"), month.low, month.base, month.high),
        (_("Apart: word of mouth"), words.low, words.base, words.high),
        (_("Apart: with word of mouth"), result.with_word_of_mouth.low, damage.total, result.with_word_of_mouth.high),
    ]
    unit = model.currency
    columns = (
        Column("what", _("What")),
        Column("low", _("Lower end"), "money", unit=unit),
        Column("base", _("As given"), "money", unit=unit),
        Column("high", _("Upper end"), "money", unit=unit),
    )
    note = _(
        "Lower and upper end: nine draws in ten lie between them, each input drawn for itself as sure as it was given"
    )
    return Table("amounts", _("What problems cost"), columns, tuple(rows), note)


def _cells(model: Model, damage: Damage) -> Table:
    stay = model.inputs["loyalty.no_problem"].value
    value = model.inputs["value"].value
    rows = tuple(
        (
            naming.outcome(cell.outcome),
            cell.channel or None,
            cell.people,
            cell.loyalty,
            stay - cell.loyalty,
            cell.lost,
            cell.lost * value,
            cell.lost / damage.lost if damage.lost else None,
        )
        for cell in damage.cells
    )
    columns = (
        Column("outcome", _("Outcome")),
        Column("channel", _("Channel")),
        Column("people", _("Customers"), "count", digits=0),
        Column("loyalty", _("Stay"), "share"),
        Column("drop", _("Fewer than without a problem"), "share"),
        Column("lost", _("Lost because of it"), "count", digits=0),
        Column("at_risk", _("At risk"), "money", unit=model.currency),
        Column("share", _("Of all lost"), "share"),
    )
    return Table("outcomes", _("Where customers are lost"), columns, rows)


def _levers(model: Model, result: Result) -> Iterator[Table]:
    if not result.levers:
        return
    unit = model.currency
    columns = (
        Column("lever", _("Lever")),
        Column("low", _("Low case"), "money", unit=unit),
        Column("base", _("Base case"), "money", unit=unit),
        Column("high", _("High case"), "money", unit=unit),
        Column("cost", _("Cost in a year"), "money", unit=unit),
        Column("net", _("Left after cost"), "money", unit=unit),
        Column("pays_in", _("Pays, in draws"), "share", digits=0),
        Column("fair_share", _("Part of the joint payoff"), "money", unit=unit),
        Column("best_in", _("Best of all, in draws"), "share", digits=0),
        Column("lost", _("Customers lost then"), "count", digits=0),
    )
    rows = [_lever_row(_lever(model, one.name), one) for one in result.levers]
    note = ""
    if result.together:
        rows.append(_lever_row(_("All together"), result.together))
        note = _(
            "Alone the levers sum to {sum}; together they bring back {joint}, so {more} is what they do jointly. The part of each is its mean over all orders of pulling them (Shapley)"
        ).format(
            sum=_money(model, sum(one.counted.base for one in result.levers)),
            joint=_money(model, result.together.counted.base),
            more=_money(model, result.interaction),
        )
    yield Table("levers", _("What levers would bring back in a year"), columns, tuple(rows), note)


def _lever_row(name: str, one: Payoff) -> tuple[Cell, ...]:
    ends = one.counted.low, one.counted.base, one.counted.high
    return name, *ends, one.cost, one.net, one.pays_in, one.fair_share, one.best_in, one.damage.lost


def _deciding(model: Model, result: Result) -> Iterator[Table]:
    if not result.swings:
        return
    columns = (
        Column("input", _("Input")),
        Column("path", _("In the file")),
        Column("at_low", _("At risk at its low end"), "money", unit=model.currency),
        Column("at_high", _("At risk at its high end"), "money", unit=model.currency),
        Column("width", _("Apart by"), "money", unit=model.currency),
    )
    rows = tuple(
        (naming.number(one.path), one.path, one.at_low, one.at_high, one.width) for one in result.swings[:MOST_SWINGS]
    )
    note = _("One input moved at a time. What moves the result most is what to measure better first")
    yield Table("deciding", _("Which inputs decide"), columns, rows, note)


def _word_of_mouth(model: Model, result: Result) -> Table:
    together = [(_("All together"), result.together)] if result.together else []
    rows = [
        (
            name,
            damage.hear_bad,
            damage.hear_good,
            damage.prospects_lost,
            damage.prospects_won,
            damage.word_of_mouth,
            gain,
        )
        for name, damage, gain in (
            (_("As it stands"), result.damage, None),
            *(
                (name, one.damage, one.word_of_mouth)
                for name, one in [*((_lever(model, one.name), one) for one in result.levers), *together]
            ),
        )
    ]
    columns = (
        Column("case", _("Scenario")),
        Column("hear_bad", _("Hear bad of us"), "count", digits=0),
        Column("hear_good", _("Hear good of us"), "count", digits=0),
        Column("lost", _("Prospects lost"), "count", digits=0),
        Column("won", _("Prospects won"), "count", digits=0),
        Column("money", _("Worth"), "money", unit=model.currency),
        Column("payoff", _("Gained by the lever"), "money", unit=model.currency),
    )
    return Table(
        "word_of_mouth",
        _("Word of mouth, apart"),
        columns,
        tuple(rows),
        _("In none of the figures above unless a row says so"),
    )


def _beside(damage: Damage) -> Table:
    rows = (
        (_("This model"), damage.lost),
        (_("Rule of thumb: one in five with a problem leaves"), damage.with_problems * RULE_OF_THUMB),
        (_("Rule of thumb: one in four (CTMA)"), damage.with_problems * 0.25),
    )
    columns = (Column("rule", _("Counted by")), Column("lost", _("Customers lost"), "count", digits=0))
    return Table(
        "beside",
        _("Beside rules of thumb"),
        columns,
        rows,
        _("The gap is what your own data tell that a rule does not"),
    )


def _facts(model: Model, result: Result, today: date, seed: int, draws: int) -> dict[str, object]:
    at_risk, damage = result.at_risk, result.damage
    return {
        "currency": model.currency or None,
        "value_is": model.value_is,
        "loyalty_is": model.loyalty_kind,
        "today": today.isoformat(),
        "seed": seed,
        "draws": draws,
        "with_problems": damage.with_problems,
        "lost": damage.lost,
        "at_risk": {"low": at_risk.low, "base": at_risk.base, "high": at_risk.high},
        "cost_of_inaction_per_month": damage.per_month,
        "word_of_mouth": damage.word_of_mouth,
        "with_word_of_mouth": damage.total,
        "interaction": result.interaction if result.together else None,
        "stale": [one.path for one in model.every_input() if one.is_stale(today)],
        "loyalty": {key: model.inputs[f"loyalty.{key}"].value for key in Loyalty.__dataclass_fields__},
    }


def _lever(model: Model, name: str) -> str:
    return naming.lever(name, model.titles.get(f"levers.{name}.title", ""))


def _between(model: Model, found: Range) -> str:
    if found.low == found.high:
        return ""
    return _(" ({low} to {high})").format(low=_money(model, found.low), high=_money(model, found.high))


def _money(model: Model, amount: float) -> str:
    return said(amount, model.currency)


def _count(people: float) -> str:
    return f"{round(people):,}"
