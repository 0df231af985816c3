"""The pyramid as an answer: the 20/80 curve, the tiers and who moved between them, and growth that was earned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from heartline.insight.answers import Cell, Column, Table
from heartline.insight.answers.words import _
from heartline.insight.loyalty.asking import Asked
from heartline.insight.loyalty.pyramid import (
    INACTIVE,
    TIERS,
    Mark,
    Move,
    concentration,
    curve,
    limits,
    movement,
    tier_of,
)
from heartline.insight.loyalty.worth import Growth, growth
from heartline.insight.money import percent, said

_TWENTY = 0.20


@dataclass(frozen=True)
class Spending:
    """What customers spend, and spent in the period before when that is known. Who has no amount spent nothing."""

    currency: str
    now: list[float]
    before: list[float] | None
    marks: tuple[Mark, ...]
    gini: float
    moves: tuple[Move, ...] = ()
    growth: Growth | None = None

    def facts(self) -> dict[str, object]:
        """Return the headline figures for programs."""
        grown = self.growth
        return {
            "money": sum(self.now),
            "top_fifth_brings": self.top_fifth,
            "gini": self.gini,
            "net_revenue_retention": grown.retained if grown else None,
            "earned_new": grown.earned if grown else None,
            "earned_growth": grown.earned_growth if grown else None,
        }

    @property
    def top_fifth(self) -> float:
        """Return the share of the money that the fifth of customers who spend most bring."""
        return next(mark.money for mark in self.marks if mark.customers == _TWENTY)


def spending(asked: Asked, currency: str) -> Spending | None:
    """Return what customers spend, or None when the file does not say."""
    if asked.spend is None:
        return None
    now = np.nan_to_num(asked.spend).tolist()
    spenders = [one for one in now if one > 0]
    before = None if asked.before is None else np.nan_to_num(asked.before).tolist()
    moves = () if before is None else movement(before, now)
    grown = None if before is None else growth(before, now, asked.earned or [None] * len(now))
    return Spending(currency, now, before, curve(spenders), concentration(spenders), moves, grown)


def spending_tables(spent: Spending) -> Iterator[Table]:
    """Yield the curve, the tiers and the movement between them."""
    columns = (
        Column("customers", _("Of those who spend, the first"), "share", digits=0),
        Column("n", _("Customers"), "count"),
        Column("money", _("bring of the money"), "share"),
    )
    rows = tuple((mark.customers, mark.n, mark.money) for mark in spent.marks)
    note = _("Gini coefficient {gini}: 0 when all spend alike, near 1 when few bring everything").format(
        gini=f"{spent.gini:.2f}"
    )
    yield Table("curve", _("Few customers bring most: the 20/80 curve"), columns, rows, note)
    yield _tiers(spent)
    if spent.moves:
        yield _movement(spent)


def tier_name(tier: str) -> str:
    """Return what a tier of the pyramid is called."""
    return {
        "top": _("Top"),
        "big": _("Big"),
        "medium": _("Medium"),
        "small": _("Small"),
        INACTIVE: _("Inactive"),
    }[tier]


def _tiers(spent: Spending) -> Table:
    least = limits(spent.before or spent.now)
    found: dict[str, list[float]] = {tier: [] for tier in (*TIERS, INACTIVE)}
    for one in spent.now:
        found[tier_of(one, least)].append(one)
    total, n = sum(spent.now), len(spent.now)
    rows = tuple(
        (
            tier_name(tier),
            least.get(tier),
            len(ones),
            len(ones) / n,
            sum(ones),
            sum(ones) / total,
            sum(ones) / len(ones) if ones else None,
        )
        for tier, ones in found.items()
    )
    unit = spent.currency
    columns = (
        Column("tier", _("Tier")),
        Column("least", _("Spends at least"), "money", unit=unit),
        Column("customers", _("Customers"), "count"),
        Column("share", _("Of customers"), "share"),
        Column("money", _("Money"), "money", unit=unit),
        Column("share_of_money", _("Of the money"), "share"),
        Column("each", _("Each"), "money", unit=unit),
    )
    note = _("Of those who spend: the first 1 % are the top, the next 4 % big, 15 % medium, 80 % small")
    if spent.before is not None:
        note = _("Limits of the period before: its first 1 %, next 4 %, 15 % and 80 % of those who spent")
    return Table("tiers", _("The customer pyramid"), columns, rows, note)


def _movement(spent: Spending) -> Table:
    order = [*TIERS, INACTIVE]
    rows: list[tuple[Cell, ...]] = []
    for one in spent.moves:
        step = order.index(one.was) - order.index(one.now)
        way = _("rose") if step > 0 else _("fell") if step < 0 else _("stayed")
        rows.append(
            (
                _was(one.was),
                tier_name(one.now),
                way,
                one.customers,
                one.before,
                one.after,
                one.after - one.before,
            )
        )
    unit = spent.currency
    columns = (
        Column("was", _("Was")),
        Column("now", _("Is now")),
        Column("way", _("Way")),
        Column("customers", _("Customers"), "count"),
        Column("before", _("Spent before"), "money", unit=unit),
        Column("after", _("Spends now"), "money", unit=unit),
        Column("change", _("Changed by"), "money", unit=unit),
    )
    return Table("movement", _("Who moved between tiers"), columns, tuple(rows))


def _was(tier: str) -> str:
    return _("New or back") if tier == INACTIVE else tier_name(tier)


def growth_table(spent: Spending) -> Iterator[Table]:
    """Yield where growth came from, when the period before is known."""
    grown = spent.growth
    if grown is None:
        return
    rows = (
        (_("Net revenue retention"), grown.retained, _("spending now of who spent before ÷ all spending before")),
        (
            _("Earned new customers"),
            grown.earned,
            _("spending of new customers who were recommended ÷ all spending before"),
        ),
        (_("Other new customers"), grown.bought, _("spending of other new customers ÷ all spending before")),
        (_("Earned growth"), grown.earned_growth, _("net revenue retention + earned new customers − 100 %")),
        (_("Growth"), grown.growth, _("earned growth + other new customers")),
    )
    columns = (Column("figure", _("Figure")), Column("value", _("Value"), "share"), Column("formula", _("Formula")))
    yield Table("growth", _("Earned growth"), columns, rows)


def says_of_spending(spent: Spending) -> Iterator[str]:
    """Yield what the pyramid and its movement say."""
    yield _("The fifth of customers who spend most bring {share} of {money}").format(
        share=percent(spent.top_fifth), money=said(sum(spent.now), spent.currency)
    )
    order = [*TIERS, INACTIVE]
    fell = [one for one in spent.moves if order.index(one.now) > order.index(one.was)]
    if fell:
        yield _("{n} customers fell to a lower tier and spend {money} less than before").format(
            n=f"{sum(one.customers for one in fell):,}",
            money=said(sum(one.before - one.after for one in fell), spent.currency),
        )
    if spent.growth is not None:
        yield _("Earned growth is {growth}: {retained} kept, {earned} from new customers who were recommended").format(
            growth=percent(spent.growth.earned_growth, 1),
            retained=percent(spent.growth.retained, 1),
            earned=percent(spent.growth.earned, 1),
        )
