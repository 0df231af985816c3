"""What must be said beside any figure about drivers: what it does not mean, and what was done to get it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from heartline.insight.answers.words import _, in_a_row
from heartline.insight.drivers.analysis import Drivers
from heartline.insight.drivers.asking import FEWEST
from heartline.insight.drivers.comparing import Segment


def cautions_of(found: Drivers, parts: Sequence[Segment] = (), aside: int = 0) -> Iterator[str]:
    """Yield every caution that applies, the causal one first."""
    yield _(
        "This is what goes with the outcome, not what causes it: answers of one person share a mood, and drivers nobody asked about "
        "inflate the others. Try a change and compare with a group without it before counting on an effect"
    )
    yield from _about_rows(found)
    yield from _about_method(found)
    yield from _about_drivers(found)
    few = [part.name for part in parts if part.found is None]
    if few:
        yield _("Too few answers for a segment of its own (under {fewest} or 5 per driver): {names}").format(
            fewest=FEWEST, names=in_a_row(few)
        )
    if aside:
        yield _("{count} smaller segments are not shown").format(count=aside)


def _about_rows(found: Drivers) -> Iterator[str]:
    sample, question = found.sample, found.question
    if sample.no_target:
        yield _("{count} rows have no answer to the target and are left out").format(count=f"{sample.no_target:,}")
    if sample.no_weight:
        yield _("{count} rows have no weight and are left out").format(count=f"{sample.no_weight:,}")
    if not question.drivers:
        yield _("No drivers were named: every column of numbers beside the target is one")
    if question.zero_is_missing:
        yield _("0 is read as no answer")
    if question.missing == "rows" and sample.no_answer:
        yield _(
            "{count} rows lack an answer to a driver and are left out ({share} %); --missing pairs or --missing kept use them"
        ).format(count=f"{sample.no_answer:,}", share=round(100 * sample.no_answer / (sample.no_answer + sample.n)))
    if question.missing == "pairs" and any(gap.missing or gap.not_applicable for gap in sample.gaps):
        yield _("Each pair of columns uses the rows that have both: figures rest on different people")
    if question.missing == "kept" and any(gap.missing or gap.not_applicable for gap in sample.gaps):
        yield _("Rows with gaps are kept: a driver's share includes whether it was answered at all")
    if sample.is_weighted:
        yield _("Weighted: {n} answers tell as much as {effective} without weights").format(
            n=f"{sample.n:,}", effective=f"{sample.effective_n:,.0f}"
        )
    if sample.n < 10 * len(found.drivers):
        yield _("{n} answers are few for {drivers} drivers: R² is flattered and ranks are shaky").format(
            n=sample.n, drivers=len(found.drivers)
        )


def _about_method(found: Drivers) -> Iterator[str]:
    if found.sample.good:
        yield _("“{good}” counts as 1, “{other}” as 0; points are shares of customers").format(
            good=found.sample.good, other=found.sample.other
        )
    if found.method == "johnson":
        because = _(
            "Johnson's relative weights, because LMG cannot look at all subsets of {drivers} drivers in reasonable time; the two can rank differently"
        ).format(drivers=len(found.drivers))
        yield (
            because
            if found.question.method == "auto"
            else _("Johnson's relative weights as asked; LMG can rank differently")
        )
    yield _("Intervals: 95 %, from {times} samples drawn anew (seed {seed}); ranks hold for all pairs at once").format(
        times=f"{found.question.resamples:,}", seed=found.question.seed
    )


def _about_drivers(found: Drivers) -> Iterator[str]:
    constant = [driver.name for driver in found.drivers if driver.rated.is_constant]
    if constant:
        yield _(
            "Everybody answers the same to {drivers}: no importance can be seen, and it may still be a basic factor"
        ).format(drivers=in_a_row(constant))
    for first, second, correlation in found.alike[:3]:
        yield _(
            "{first} and {second} say nearly the same (correlation {value}): they share what either explains; consider one of them"
        ).format(first=found.drivers[first].name, second=found.drivers[second].name, value=f"{correlation:.2f}")
    plain = max(0.05, 2.5 / found.sample.effective_n**0.5)
    turned = [d.name for d in found.drivers if d.correlation * d.slope < 0 and abs(d.slope) > plain]
    if turned:
        yield _("{drivers}: the sign turns when the others are held fixed; read nothing into its direction").format(
            drivers=in_a_row(turned)
        )
    negative = [d.name for d in found.drivers if d.correlation < -0.1]
    if negative:
        yield _("{drivers}: higher answers go with a lower outcome; check which way the scale runs").format(
            drivers=in_a_row(negative)
        )
