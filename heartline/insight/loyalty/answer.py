"""Loyalty as an answer: the scores with their intervals, what each group is worth, the pyramid, and growth that was earned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from heartline.insight.answers import Answer, Cell, Column, Picture, Table
from heartline.insight.answers.drawing import Bar, bars
from heartline.insight.answers.words import _
from heartline.insight.files.frame import Numbers
from heartline.insight.loyalty.asking import Asked
from heartline.insight.loyalty.by_segment import segments_table
from heartline.insight.loyalty.customers import Spending, growth_table, says_of_spending, spending, spending_tables
from heartline.insight.loyalty.groups import says_of_groups, worth_tables
from heartline.insight.loyalty.scores import EASY_FROM, FEWEST, SATISFIED_FROM, Groups, groups_of, needed
from heartline.insight.money import percent, said
from heartline.insight.statistics import wilson


def answer(asked: Asked, *, currency: str = "") -> Answer:
    """Return what a file tells of loyalty and of what it is worth."""
    groups = groups_of(_known(asked.nps)) if asked.nps is not None else None
    spent = spending(asked, currency)
    tables: list[Table] = [*_scores(asked, groups)]
    says = [*_says_of_scores(asked, groups)]
    if asked.nps is not None and groups is not None:
        tables += [*worth_tables(asked, currency), *segments_table(asked)]
        says += says_of_groups(asked, currency)
    if spent is not None:
        tables += [*spending_tables(spent), *growth_table(spent)]
        says += says_of_spending(spent)
    cautions = tuple(_cautions(asked, groups, spent))
    return Answer(
        "loyalty",
        _("Loyalty and what it is worth"),
        tuple(says),
        tuple(tables),
        cautions,
        _facts(asked, groups, spent, currency),
        tuple(_pictures(asked, tables, currency)),
    )


def _pictures(asked: Asked, tables: Sequence[Table], currency: str) -> Iterator[Picture]:
    """Yield what groups spend and how segments score, drawn for the page from the tables' own rows."""
    for table in tables:
        keys = {"groups": ("group", "spend"), "segments": ("segment", "nps")}.get(table.key)
        if keys is None or (table.key == "groups" and asked.spend is None):
            continue
        drawn = [
            _bar(row, *keys, currency) for row in table.records() if row[keys[1]] is not None and row["low"] is not None
        ]
        if drawn:
            yield Picture(table.key, _("Own spending") if table.key == "groups" else table.title, bars(drawn))


def _bar(row: dict[str, Cell], name: str, key: str, currency: str) -> Bar:
    value, low, high = (float(row[one] or 0) for one in (key, "low", "high"))
    text = said(value, currency) if key == "spend" else f"{value:+.0f}".replace("-", "−")
    return Bar(str(row[name]), value, low, high, text)


def _known(numbers: Numbers) -> list[float]:
    found: list[float] = numbers[np.isfinite(numbers)].tolist()
    return found


def _scores(asked: Asked, groups: Groups | None) -> Iterator[Table]:
    rows: list[tuple[Cell, ...]] = []
    if groups is not None:
        low, high = groups.interval()
        shown = groups.n >= FEWEST
        rows.append((_("NPS, −100 to 100"), groups.score if shown else None, low if shown else None, high if shown else None, groups.n, _("promoters − detractors; adjusted Wald")))  # fmt: skip
    for name, numbers, least in (
        (_("Satisfied (CSAT), %"), asked.csat, SATISFIED_FROM),
        (_("Easy (CES), %"), asked.ces, EASY_FROM),
    ):
        if numbers is not None:
            rows.append((name, *_share(_known(numbers), least)))
    if rows:
        columns = (
            Column("score", _("Score")),
            Column("value", _("Value"), "number", digits=1),
            Column("low", _("Lower end"), "number", digits=1),
            Column("high", _("Upper end"), "number", digits=1),
            Column("n", _("Sample size"), "count"),
            Column("how", _("How it is counted")),
        )
        note = _(
            "Lower and upper end: the 95 % interval. ±5 points of NPS need up to {nps} answers, ±5 points of a share {share}"
        ).format(nps=f"{needed(0.05):,}", share=f"{needed(0.05, 0.25):,}")
        yield Table("scores", _("Scores"), columns, tuple(rows), note)


def _share(answers: Sequence[float], least: int) -> tuple[Cell, ...]:
    hits = sum(one >= least for one in answers)
    low, high = wilson(hits, len(answers))
    how = _("share who answer {least} or more; Wilson").format(least=least)
    return 100 * hits / len(answers), 100 * low, 100 * high, len(answers), how


def _says_of_scores(asked: Asked, groups: Groups | None) -> Iterator[str]:
    if groups is not None and groups.n >= FEWEST:
        low, high = groups.interval()
        yield _("NPS is {score} ({low} to {high}), of {n} answers").format(
            score=f"{groups.score:+.0f}".replace("-", "−"),
            low=f"{low:+.0f}".replace("-", "−"),
            high=f"{high:+.0f}".replace("-", "−"),
            n=f"{groups.n:,}",
        )
    elif groups is not None:
        yield _("{n} answers are too few for an NPS: at least {least}").format(n=groups.n, least=FEWEST)
    for sentence, numbers, least in (
        (_("{share} are satisfied ({low} to {high}), of {n} answers"), asked.csat, SATISFIED_FROM),
        (_("{share} found it easy ({low} to {high}), of {n} answers"), asked.ces, EASY_FROM),
    ):
        if numbers is not None:
            value, low_end, high_end, n, _how = _share(_known(numbers), least)
            ends = {"share": value, "low": low_end, "high": high_end}
            yield sentence.format(n=f"{n:,}", **{key: percent(float(end or 0) / 100) for key, end in ends.items()})


def _cautions(asked: Asked, groups: Groups | None, spent: Spending | None) -> Iterator[str]:
    if asked.nps is not None and groups is not None:
        if (missing := asked.n - groups.n) > 0:
            yield _("{missing} of {n} rows have no answer: who did not answer may feel otherwise").format(
                missing=f"{missing:,}", n=f"{asked.n:,}"
            )
        if groups.n >= 100 and not (asked.nps == 0).any():
            yield _("Nobody answered 0: was the scale 0 to 10, and not 1 to 10")
    if asked.ces is not None:
        yield _("CES is counted so that 7 is easy. A survey that asks how much effort it took needs --ces-is effort")
    if asked.nps is not None and spent is not None:
        yield _(
            "That promoters spend more does not say that making promoters makes them spend: compare the same customers over time"
        )
    if asked.won is not None or asked.lost is not None:
        yield _("Word of mouth rests on what customers say of others: it stands apart from their own spending")


def _facts(asked: Asked, groups: Groups | None, spent: Spending | None, currency: str) -> dict[str, object]:
    facts: dict[str, object] = {"currency": currency or None, "rows": asked.n}
    if groups is not None:
        low, high = groups.interval()
        facts["nps"] = {"value": groups.score, "low": low, "high": high, "n": groups.n, "promoters": groups.promoters, "passives": groups.passives, "detractors": groups.detractors}  # fmt: skip
    for key, numbers, least in (("csat", asked.csat, SATISFIED_FROM), ("ces", asked.ces, EASY_FROM)):
        if numbers is not None:
            value, low_end, high_end, n, _how = _share(_known(numbers), least)
            facts[key] = {
                "value": float(value or 0) / 100,
                "low": float(low_end or 0) / 100,
                "high": float(high_end or 0) / 100,
                "n": n,
            }
    if spent is not None:
        facts |= spent.facts()
    return facts
