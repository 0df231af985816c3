"""The tables of an answer about drivers. Keys of columns stay: programs read them."""

from __future__ import annotations

from collections.abc import Sequence

from heartline.insight.answers import Cell, Column, Table
from heartline.insight.answers.words import _
from heartline.insight.drivers.analysis import Driver, Drivers
from heartline.insight.drivers.comparing import Difference, Gap, Segment
from heartline.insight.drivers.interactions import Interaction


def importance(found: Drivers) -> Table:
    """How much each driver explains, and where it may stand."""
    columns = (
        Column("rank", _("Rank"), "count"),
        Column("driver", _("Driver")),
        Column("share", _("Share"), "share"),
        Column("share_low", _("from"), "share"),
        Column("share_high", _("to"), "share"),
        Column("ranks", _("Rank could be")),
        Column("factor", _("Factor")),
        Column("importance", _("Part of R²"), "number", 4, detail=True),
        Column("importance_low", _("from"), "number", 4, detail=True),
        Column("importance_high", _("to"), "number", 4, detail=True),
        Column("best_rank", _("Best rank"), "count", detail=True),
        Column("worst_rank", _("Worst rank"), "count", detail=True),
        Column("alone", _("Alone"), "share", detail=True),
        Column("on_top", _("On top of all"), "share", detail=True),
        Column("correlation", _("Correlation"), "number"),
        Column("slope", _("Standardised slope"), "number", detail=True),
        Column("mean", _("Mean rating"), "number"),
        Column("mean_low", _("from"), "number", detail=True),
        Column("mean_high", _("to"), "number", detail=True),
        Column("n", _("How many answers"), "count", detail=True),
        Column("group", _("Not distinguishable")),
    )
    rows = tuple(_row(found, driver) for driver in found.by_rank())
    note = _("Share: of what all drivers explain together. Letters: drivers that share one cannot be told apart")
    return Table("drivers", _("Drivers, most important first"), columns, rows, note)


def _row(found: Drivers, d: Driver) -> tuple[Cell, ...]:
    ranks = str(d.best_rank) if d.best_rank == d.worst_rank else f"{d.best_rank}–{d.worst_rank}"
    factor = FACTORS()[d.asymmetry.factor] if d.asymmetry else None
    return (
        *(d.rank, d.name, d.share, d.share_low, d.share_high, ranks, factor),
        *(d.importance, d.low, d.high, d.best_rank, d.worst_rank, d.alone, d.on_top, d.correlation, d.slope),
        *(d.rated.mean, d.rated.low, d.rated.high, d.rated.n, _letters(found, found.drivers.index(d))),
    )


def _letters(found: Drivers, at: int) -> str:
    return "".join(chr(ord("a") + place % 26) for place, run in enumerate(found.together) if at in run)


def FACTORS() -> dict[str, str]:  # noqa: N802 - a table whose words depend on the language
    """Return the names of factors."""
    return {
        "basic": _("basic"),
        "performance": _("performance"),
        "excitement": _("excitement"),
        "none": _("none seen"),
        "few": _("too few answers"),
    }


def factors(found: Drivers) -> Table:
    """What bad and very good experiences cost and earn."""
    unit = _("points")
    columns = (
        Column("driver", _("Driver")),
        Column("factor", _("Factor"), detail=True),
        Column("factor_name", _("Factor")),
        Column("penalty", _("Penalty"), "number", unit=unit),
        Column("penalty_low", _("from"), "number"),
        Column("penalty_high", _("to"), "number"),
        Column("reward", _("Reward"), "number", unit=unit),
        Column("reward_low", _("from"), "number"),
        Column("reward_high", _("to"), "number"),
        Column("balance", _("Balance"), "number"),
        Column("reach", _("Reach"), "number", detail=True),
        Column("low_up_to", _("Low up to"), "number", 0),
        Column("high_from", _("High from"), "number", 0),
        Column("n_low", _("n low"), "count"),
        Column("n_high", _("n high"), "count"),
    )
    rows = tuple(row for driver in found.by_rank() if (row := _factor(driver)))
    note = _(
        "Penalty: what a low answer goes with, reward: what a high one goes with, beside a middling one. Balance −1: only punishes, +1: only rewards"
    )
    return Table("factors", _("What bad costs and good earns"), columns, rows, note)


def _factor(driver: Driver) -> tuple[Cell, ...] | None:
    found, cut = driver.asymmetry, driver.cut
    if not found or not cut:
        return None
    effects: list[Cell] = []
    for effect in (found.penalty, found.reward):
        effects += [effect.value, effect.low, effect.high] if effect else [None, None, None]
    return (
        *(driver.name, found.factor, FACTORS()[found.factor], *effects),
        *(found.balance, found.reach, cut.low, cut.high, found.n_low, found.n_high),
    )


def segments(parts: Sequence[Segment]) -> Table:
    """The drivers of each segment."""
    columns = (
        Column("segment", _("Segment")),
        Column("n", _("How many answers"), "count"),
        Column("r2", "R²", "share"),
        Column("driver", _("Driver")),
        Column("rank", _("Rank"), "count"),
        Column("share", _("Share"), "share"),
        Column("share_low", _("from"), "share"),
        Column("share_high", _("to"), "share"),
        Column("mean", _("Mean rating"), "number"),
    )
    rows: list[tuple[Cell, ...]] = []
    for part in parts:
        if part.found is None:
            rows.append((part.name, part.n, None, _("too few answers"), None, None, None, None, None))
            continue
        head = (part.name, part.n, part.found.r2)
        rows += [
            (*head, d.name, d.rank, d.share, d.share_low, d.share_high, d.rated.mean) for d in part.found.by_rank()
        ]
    return Table("segments", _("By segment"), columns, tuple(rows))


def differences(apart: Sequence[Difference]) -> Table:
    """Where segments surely differ."""
    columns = (
        Column("driver", _("Driver")),
        Column("first", _("Segment")),
        Column("second", _("Other segment")),
        Column("difference", _("Difference of shares"), "share"),
        Column("low", _("from"), "share"),
        Column("high", _("to"), "share"),
    )
    rows = tuple((d.driver, d.first, d.second, d.difference, d.low, d.high) for d in apart)
    return Table("segment_differences", _("Shares that surely differ"), columns, rows)


def rivals(gaps: Sequence[Gap]) -> Table:
    """Ourselves beside rivals."""
    columns = (
        Column("driver", _("Driver")),
        Column("rival", _("Rival")),
        Column("n", _("How many answers"), "count"),
        Column("ours", _("We"), "number"),
        Column("theirs", _("They"), "number"),
        Column("gap", _("Gap"), "number"),
        Column("low", _("from"), "number"),
        Column("high", _("to"), "number"),
    )
    rows = tuple((g.driver, g.rival, g.n, g.ours, g.theirs, g.gap, g.low, g.high) for g in gaps)
    return Table("rivals", _("Beside rivals, by those who rated both"), columns, rows)


def together(found: Drivers, sure: Sequence[Interaction]) -> Table:
    """Drivers that work together."""
    columns = (
        Column("first", _("Driver")),
        Column("second", _("With")),
        Column("adds", _("Adds to R²"), "share", 2),
        Column("slope", _("Slope of the product"), "number", 3),
        Column("chance", _("By chance"), "number", 4),
    )
    names = [driver.name for driver in found.drivers]
    rows = tuple((names[one.first], names[one.second], one.adds, one.slope, one.chance) for one in sure[:20])
    return Table("interactions", _("Drivers that work together"), columns, rows)


def gaps(found: Drivers) -> Table:
    """What was not answered."""
    columns = (
        Column("driver", _("Driver")),
        Column("missing", _("Left blank"), "count"),
        Column("not_applicable", _("Does not apply"), "count"),
    )
    pairs = zip(found.drivers, found.sample.gaps, strict=True)
    rows = tuple((d.name, gap.missing, gap.not_applicable) for d, gap in pairs if gap.missing or gap.not_applicable)
    return Table("gaps", _("Answers that are not there"), columns, rows)
