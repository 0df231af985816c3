"""Promoters, passives and detractors: what they spend themselves and, apart from that, what their word of mouth brings."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from heartline.insight.answers import Cell, Column, Table
from heartline.insight.answers.words import _
from heartline.insight.files.frame import Numbers
from heartline.insight.loyalty.asking import Asked
from heartline.insight.loyalty.scores import PASSIVES_FROM, PROMOTERS_FROM
from heartline.insight.loyalty.worth import worth
from heartline.insight.money import said
from heartline.insight.statistics import mean_interval_of, student_quantile

KEYS = ("promoter", "passive", "detractor")


@dataclass(frozen=True)
class Group:
    """A loyalty group of a file: how many, and their own spending with its 95 % interval."""

    key: str
    n: int
    share: float
    spend: float | None
    low: float | None
    high: float | None
    spread: float
    spenders: int


def name_of(key: str) -> str:
    """Return what a loyalty group is called."""
    return {"promoter": _("Promoters"), "passive": _("Passives"), "detractor": _("Detractors")}[key]


def _inside(nps: Numbers, key: str) -> NDArray[np.bool_]:
    if key == "promoter":
        return nps >= PROMOTERS_FROM
    return nps < PASSIVES_FROM if key == "detractor" else (nps >= PASSIVES_FROM) & (nps < PROMOTERS_FROM)


def groups_in(asked: Asked) -> list[Group]:
    """Return the three groups of a file."""
    assert asked.nps is not None
    n = int(np.isfinite(asked.nps).sum())
    return [_group(asked.nps, asked.spend, key, n) for key in KEYS]


def _group(nps: Numbers, spend: Numbers | None, key: str, n: int) -> Group:
    inside = _inside(nps, key)
    size = int(inside.sum())
    amounts = spend[inside & np.isfinite(spend)] if spend is not None else np.empty(0)
    if not len(amounts):
        return Group(key, size, size / n, None, None, None, 0.0, 0)
    spread = float(amounts.std(ddof=1)) if len(amounts) > 1 else 0.0
    ends = mean_interval_of(float(amounts.mean()), spread, len(amounts)) or (None, None)
    return Group(key, size, size / n, float(amounts.mean()), ends[0], ends[1], spread, len(amounts))


def worth_tables(asked: Asked, currency: str) -> Iterator[Table]:
    """Yield the groups with their own spending, and word of mouth in a table of its own."""
    found = groups_in(asked)
    columns = [Column("group", _("Group")), Column("n", _("Customers"), "count"), Column("share", _("Share"), "share")]
    rows: list[tuple[Cell, ...]] = [(name_of(one.key), one.n, one.share) for one in found]
    note = ""
    if asked.spend is not None:
        average = float(np.nanmean(asked.spend))
        columns += [
            Column("spend", _("Own spending"), "money", unit=currency),
            Column("low", _("Lower end"), "money", unit=currency),
            Column("high", _("Upper end"), "money", unit=currency),
            Column("against_average", _("Against the average"), "money", unit=currency),
        ]
        rows = [
            (*row, one.spend, one.low, one.high, None if one.spend is None else one.spend - average)
            for row, one in zip(rows, found, strict=True)
        ]
        note = _(
            "Mean of each customer; lower and upper end: Student's 95 % interval. The average of all is {average}"
        ).format(average=said(average, currency))
    yield Table("groups", _("Loyalty groups"), tuple(columns), tuple(rows), note)
    if asked.won is not None or asked.lost is not None:
        yield _word_of_mouth(asked, found, currency)


def _word_of_mouth(asked: Asked, found: list[Group], currency: str) -> Table:
    assert asked.nps is not None
    assert asked.spend is not None
    average = float(np.nanmean(asked.spend))
    rows = tuple(_worth_of(one, asked, average) for one in found)
    columns = (
        Column("group", _("Group")),
        Column("won", _("Won by each"), "number", digits=3),
        Column("lost", _("Lost by each"), "number", digits=3),
        Column("net_new", _("Net new customers"), "number", digits=3),
        Column("low", _("Lower end"), "money", unit=currency),
        Column("word_of_mouth", _("Word of mouth"), "money", unit=currency),
        Column("high", _("Upper end"), "money", unit=currency),
        Column("own", _("Own spending"), "money", unit=currency),
        Column("total", _("Together"), "money", unit=currency),
    )
    note = _("Word of mouth = net new customers × the average spending of {average}. It is in no figure above").format(
        average=said(average, currency)
    )
    return Table("word_of_mouth", _("Word of mouth, apart"), columns, rows, note)


def _worth_of(group: Group, asked: Asked, average: float) -> tuple[Cell, ...]:
    """Return a group's row: who answered how many were won or lost; a column that the file does not have counts as none."""
    assert asked.nps is not None
    inside = _inside(asked.nps, group.key)
    won, lost = (np.zeros(asked.n) if column is None else column for column in (asked.won, asked.lost))
    known = inside & np.isfinite(won) & np.isfinite(lost)
    if group.spend is None or not known.any():
        return (name_of(group.key), *[None] * 8)
    net = (won - lost)[known]
    spread = float(net.std(ddof=1)) if len(net) > 1 else None
    low, high = mean_interval_of(float(net.mean()), spread, len(net)) or (None, None)
    money = worth(group.spend, float(net.mean()), average)
    ends = [None if end is None else end * average for end in (low, high)]
    means = float(won[known].mean()), float(lost[known].mean()), money.net_new
    return (name_of(group.key), *means, ends[0], money.word_of_mouth, ends[1], money.own, money.total)


def says_of_groups(asked: Asked, currency: str) -> Iterator[str]:
    """Yield what promoters spend more than detractors, when that is more than chance."""
    if asked.spend is None:
        return
    promoters, _passives, detractors = groups_in(asked)
    if promoters.spend is None or detractors.spend is None or min(promoters.spenders, detractors.spenders) < 2:
        return
    difference = promoters.spend - detractors.spend
    low, high = _welch(promoters, detractors, difference)
    amounts = {"more": said(abs(difference), currency), "low": said(low, currency), "high": said(high, currency)}
    if low > 0:
        yield _("A promoter spends {more} more than a detractor (the difference is {low} to {high})").format(**amounts)
    elif high < 0:
        yield _("A promoter spends {more} less than a detractor (the difference is {low} to {high})").format(**amounts)
    else:
        yield _(
            "Promoters and detractors cannot be told apart by what they spend (the difference is {low} to {high})"
        ).format(**amounts)


def _welch(one: Group, other: Group, difference: float) -> tuple[float, float]:
    a, b = one.spread**2 / one.spenders, other.spread**2 / other.spenders
    if a + b == 0:
        return difference, difference
    freedom = (a + b) ** 2 / (a**2 / (one.spenders - 1) + b**2 / (other.spenders - 1))
    half = student_quantile(0.975, max(1, math.floor(freedom))) * math.sqrt(a + b)
    return difference - half, difference + half
