"""What was found about drivers, in sentences and tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from heartline.insight.answers import Answer, Picture
from heartline.insight.answers.drawing import Bar, bars
from heartline.insight.answers.formats import number
from heartline.insight.answers.words import _, in_a_row
from heartline.insight.drivers import tables
from heartline.insight.drivers.analysis import Driver, Drivers
from heartline.insight.drivers.cautions import cautions_of
from heartline.insight.drivers.comparing import Difference, Gap, Segment
from heartline.insight.drivers.interactions import Interaction

SURE = 0.05


def told(
    found: Drivers,
    parts: Sequence[Segment] = (),
    apart: Sequence[Difference] = (),
    gaps: Sequence[Gap] = (),
    left_out: Sequence[str] = (),
    aside: int = 0,
) -> Answer:
    """Return what was found, as an answer."""
    sure = [one for one in found.interactions if one.chance < SURE]
    parts_of_it = [tables.importance(found), tables.factors(found)]
    if parts:
        parts_of_it += [tables.segments(parts), tables.differences(apart)]
    if gaps:
        parts_of_it.append(tables.rivals(gaps))
    if sure:
        parts_of_it.append(tables.together(found, sure))
    if any(gap.missing or gap.not_applicable for gap in found.sample.gaps):
        parts_of_it.append(tables.gaps(found))
    return Answer(
        analysis="drivers",
        title=_("What goes with {target}").format(target=target_of(found)),
        says=tuple(_says(found, sure, parts, apart, gaps)),
        tables=tuple(table for table in parts_of_it if table.rows or table.key == "drivers"),
        cautions=(*left_out, *cautions_of(found, parts, aside)),
        facts=facts(found, parts),
        pictures=(_picture(found),),
    )


def target_of(found: Drivers) -> str:
    """Return the outcome's name, of two categories with the one that counts as yes."""
    name = found.question.target
    return f"{name} = {found.sample.good}" if found.sample.good else name


def percent(share: float, digits: int = 0) -> str:
    """Return a share in words of a sentence."""
    return f"{number(share * 100, digits)} %"


def _says(
    found: Drivers, sure: list[Interaction], parts: Sequence[Segment], apart: Sequence[Difference], gaps: Sequence[Gap]
) -> Iterator[str]:
    yield _(
        "{n} of {rows} answers: {drivers} drivers explain {r2} of the differences in {target} (95 %: {low} to {high})"
    ).format(
        n=f"{found.sample.n:,}",
        rows=f"{found.sample.in_file:,}",
        drivers=len(found.drivers),
        r2=percent(found.r2),
        target=target_of(found),
        low=percent(found.r2_low),
        high=percent(found.r2_high),
    )
    yield _first(found)
    if not found.is_more_than_chance:
        return
    yield from _factors(found)
    yield from _weak_spots(found)
    for one in sure[:2]:
        yield _interaction(found, one)
    for part in [part for part in parts if part.found]:
        best = part.found.by_rank()[0] if part.found else None
        if best:
            yield _("{segment}: {driver} comes first with {share} of what is explained").format(
                segment=part.name, driver=best.name, share=percent(best.share)
            )
    if parts and not apart:
        yield _("No driver's share surely differs between segments")
    for gap in sorted(gaps, key=lambda one: one.gap)[:1]:
        if gap.high < 0:
            yield _("Farthest behind {rival}: {driver}, by {gap} points").format(
                rival=gap.rival, driver=gap.driver, gap=number(-gap.gap, 2)
            )


def _first(found: Drivers) -> str:
    ranked = found.by_rank()
    best = ranked[0]
    rivals = [driver.name for driver in ranked[1:] if driver.best_rank == 1]
    if not found.is_more_than_chance:
        return _("No more is explained than chance would: these answers show no driver of the outcome")
    if not rivals:
        return _("{driver} comes first with {share} of what is explained, surely ahead of all others").format(
            driver=best.name, share=percent(best.share)
        )
    if best.worst_rank == len(ranked) and len(rivals) == len(ranked) - 1:
        return _(
            "Nobody can tell from these answers which driver comes first; {driver} has the largest share, {share}"
        ).format(driver=best.name, share=percent(best.share))
    return _(
        "{driver} has the largest share, {share} of what is explained; it cannot be told apart from {rivals}"
    ).format(driver=best.name, share=percent(best.share), rivals=in_a_row(rivals))


def _factors(found: Drivers) -> Iterator[str]:
    kinds = {
        "basic": _("Basic (bad costs more than good earns): {drivers}"),
        "excitement": _("Excitement (good earns more than bad costs): {drivers}"),
    }
    for kind, sentence in kinds.items():
        names = [driver.name for driver in found.by_rank() if driver.asymmetry and driver.asymmetry.factor == kind]
        if names:
            yield sentence.format(drivers=in_a_row(names))


def _weak_spots(found: Drivers) -> Iterator[str]:
    """Important and rated low, where all are rated on one scale: the old matrix, with both said to be sure."""
    drivers = [driver for driver in found.drivers if driver.rated.n]
    if len(drivers) < 3 or len({driver.cut for driver in drivers}) > 1:
        return
    importance = sum(driver.importance for driver in drivers) / len(drivers)
    mean = sum(driver.rated.mean for driver in drivers) / len(drivers)
    weak = [driver.name for driver in found.by_rank() if driver.low > importance and driver.rated.high < mean]
    if weak:
        yield _("Surely more important than the average driver, and surely rated lower: {drivers}").format(
            drivers=in_a_row(weak)
        )


def _interaction(found: Drivers, one: Interaction) -> str:
    first, second = found.drivers[one.first].name, found.drivers[one.second].name
    if one.slope > 0:
        return _("{first} and {second} lift each other: where one is good, the other matters more").format(
            first=first, second=second
        )
    return _("{first} and {second} stand in for each other: where one is good, the other matters less").format(
        first=first, second=second
    )


def facts(found: Drivers, parts: Sequence[Segment] = ()) -> dict[str, object]:
    """Return the settings and headline figures."""
    question, sample = found.question, found.sample
    return {
        "target": question.target,
        "good": sample.good or None,
        "rows_in_file": sample.in_file,
        "n": sample.n,
        "n_effective": sample.effective_n,
        "left_out": {"no_target": sample.no_target, "no_weight": sample.no_weight, "no_answer": sample.no_answer},
        "method": found.method,
        "missing": question.missing,
        "zero_is_missing": question.zero_is_missing,
        "weight": question.weight or None,
        "by": question.by or None,
        "r2": found.r2,
        "is_more_than_chance": found.is_more_than_chance,
        "r2_low": found.r2_low,
        "r2_high": found.r2_high,
        "resamples": question.resamples,
        "seed": question.seed,
        "not_distinguishable": [[found.drivers[at].name for at in run] for run in found.together],
        "segments": {part.name: {"n": part.n, "r2": part.found.r2 if part.found else None} for part in parts},
    }


def _picture(found: Drivers) -> Picture:
    rows = [Bar(d.name, d.share, d.share_low, d.share_high, _beside(d)) for d in found.by_rank()]
    return Picture("importance", _("Share of what is explained, with 95 % intervals"), bars(rows))


def _beside(driver: Driver) -> str:
    return percent(driver.share, 1)
