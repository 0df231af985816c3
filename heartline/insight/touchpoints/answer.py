"""The touchpoint curve in sentences, tables and a picture."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from heartline.insight.answers import Answer, Cell, Column, Picture, Table
from heartline.insight.answers.drawing import Point, journey, scatter
from heartline.insight.answers.drawing import Stop as Drawn
from heartline.insight.answers.formats import number
from heartline.insight.answers.words import _, in_a_row
from heartline.insight.drivers import tables
from heartline.insight.drivers.answer import facts, target_of
from heartline.insight.drivers.cautions import cautions_of
from heartline.insight.touchpoints.analysis import Advice, Stop, Touchpoints
from heartline.insight.touchpoints.bands import Band
from heartline.insight.touchpoints.changes import Change
from heartline.insight.touchpoints.loyalty import Felt

Parts = Sequence[tuple[str, int, "Touchpoints | None"]]


def told(
    found: Touchpoints,
    *,
    bands: Mapping[str, Band] | None = None,
    changed: Sequence[Change] = (),
    parts: Parts = (),
    felt: Sequence[Felt] = (),
    left_out: Sequence[str] = (),
) -> Answer:
    """Return the curve as an answer."""
    known = bands or {}
    shown = [_curve(found, known), tables.factors(found.found)]
    if changed:
        shown.append(_changes(changed))
    if parts:
        shown.append(_parts(parts))
    if felt:
        shown.append(_felt(felt))
    return Answer(
        analysis="touchpoints",
        title=_("The journey and {target}").format(target=target_of(found.found)),
        says=tuple(_says(found, changed)),
        tables=tuple(table for table in shown if table.rows),
        cautions=(*left_out, *cautions_of(found.found), *_cautions(found, known, changed, parts, felt)),
        facts={
            **facts(found.found),
            "mean_of_ratings": found.mean,
            "even_share": found.even_share,
            "has_one_scale": found.has_one_scale,
        },
        pictures=tuple(_pictures(found, known, changed)),
    )


def advice_words() -> dict[Advice, str]:
    """Return what each advice is called."""
    return {
        "mend": _("mend first"),
        "excel": _("excel"),
        "keep": _("keep it so"),
        "enough": _("enough is enough"),
        "too_much": _("perhaps too much is spent"),
        "little": _("weighs little"),
        "unclear": _("unclear"),
    }


def _says(found: Touchpoints, changed: Sequence[Change]) -> Iterator[str]:
    sentences: dict[Advice, str] = {
        "mend": _("Mend first, it costs loyalty now: {names}"),
        "excel": _("Where to excel, very good earns more than good: {names}"),
        "keep": _("Weighs much and is good, keep it so: {names}"),
        "enough": _("Enough is enough, only bad counts and it is not bad: {names}"),
        "too_much": _("Perhaps too much is spent, it weighs little and is rated above the rest: {names}"),
    }
    said = False
    for advice, sentence in sentences.items():
        names = [stop.driver.name for stop in found.stops if stop.advice == advice]
        if names:
            said = True
            yield sentence.format(names=in_a_row(names))
    if not said:
        yield _("These answers do not say where effort should go: no place surely stands out")
    best = max(found.stops, key=lambda stop: stop.sure_gains)
    if best.sure_gains:
        yield _(
            "The most could be won at {name}: up to {gain} points of {target} on average, if what goes together is cause and effect"
        ).format(name=best.driver.name, gain=number(best.sure_gains, 2), target=target_of(found.found))
    yield from _said_of_changes(changed)


def _said_of_changes(changed: Sequence[Change]) -> Iterator[str]:
    if not changed:
        return
    for sentence, names in (
        (_("Rated surely higher than before: {names}"), [one.name for one in changed if one.rating_low > 0]),
        (_("Rated surely lower than before: {names}"), [one.name for one in changed if one.rating_high < 0]),
    ):
        if names:
            yield sentence.format(names=in_a_row(names))
    if not any(one.is_real for one in changed):
        yield _("No real change of ratings since before: every difference may be chance")


def _curve(found: Touchpoints, bands: Mapping[str, Band]) -> Table:
    columns = (
        Column("place", _("Place in the journey"), "count"),
        Column("touchpoint", _("Touchpoint")),
        Column("mean", _("Experience"), "number"),
        Column("mean_low", _("from"), "number"),
        Column("mean_high", _("to"), "number"),
        Column("share", _("Importance"), "share"),
        Column("share_low", _("from"), "share"),
        Column("share_high", _("to"), "share"),
        Column("factor", _("Factor"), detail=True),
        Column("advice", _("Advice"), detail=True),
        Column("advice_name", _("Advice")),
        Column("mend_gains", _("Mending gains"), "number"),
        Column("excel_gains", _("Excelling gains"), "number"),
        *(_band_columns() if bands else ()),
    )
    note = _(
        "Importance: share of what all touchpoints explain together. Mending: every low answer becomes a middling one; excelling: every middling one a high one; in points of the outcome"
    )
    return Table(
        "touchpoints", _("The journey in order"), columns, tuple(_row(stop, bands) for stop in found.stops), note
    )


def _band_columns() -> tuple[Column, ...]:
    return (
        Column("band_low", _("Others from"), "number"),
        Column("band_high", _("to"), "number"),
        Column("band_source", _("Source")),
    )


def _row(stop: Stop, bands: Mapping[str, Band]) -> tuple[Cell, ...]:
    d = stop.driver
    kind = d.asymmetry.factor if d.asymmetry else None
    row: tuple[Cell, ...] = (
        *(stop.place, d.name, d.rated.mean, d.rated.low, d.rated.high, d.share, d.share_low, d.share_high),
        *(kind, stop.advice, advice_words()[stop.advice], stop.mend_gains, stop.excel_gains),
    )
    if not bands:
        return row
    band = bands.get(d.name)
    return (*row, *((band.low, band.high, band.source) if band else (None, None, None)))


def _changes(changed: Sequence[Change]) -> Table:
    columns = (
        Column("touchpoint", _("Touchpoint")),
        Column("before", _("Before"), "number"),
        Column("now", _("Now"), "number"),
        Column("change", _("Difference"), "number"),
        Column("change_low", _("from"), "number"),
        Column("change_high", _("to"), "number"),
        Column("is_real", _("Real change"), "yes"),
        Column("share_before", _("Importance before"), "share"),
        Column("share_change", _("Difference"), "share"),
        Column("share_change_low", _("from"), "share"),
        Column("share_change_high", _("to"), "share"),
        Column("weighs_otherwise", _("Real change"), "yes"),
    )
    rows = tuple(
        (
            *(c.name, c.before.mean, c.now.mean, c.rating, c.rating_low, c.rating_high, c.is_real),
            *(c.share_before, c.share, c.share_low, c.share_high, c.weighs_otherwise),
        )
        for c in changed
    )
    return Table("changes", _("Before and now"), columns, rows, _("Intervals hold for all touchpoints at once"))


def _parts(parts: Parts) -> Table:
    columns = (
        Column("segment", _("Segment")),
        Column("n", _("How many answers"), "count"),
        Column("touchpoint", _("Touchpoint")),
        Column("mean", _("Experience"), "number"),
        Column("mean_low", _("from"), "number"),
        Column("mean_high", _("to"), "number"),
        Column("share", _("Importance"), "share"),
        Column("share_low", _("from"), "share"),
        Column("share_high", _("to"), "share"),
        Column("advice", _("Advice"), detail=True),
        Column("advice_name", _("Advice")),
    )
    rows: list[tuple[Cell, ...]] = []
    for name, n, found in parts:
        if found is None:
            rows.append((name, n, _("too few answers"), *(None,) * 8))
            continue
        for stop in found.stops:
            d = stop.driver
            felt = (d.rated.mean, d.rated.low, d.rated.high, d.share, d.share_low, d.share_high)
            rows.append((name, n, d.name, *felt, stop.advice, advice_words()[stop.advice]))
    return Table("segments", _("By segment"), columns, tuple(rows))


def _felt(felt: Sequence[Felt]) -> Table:
    columns = (
        Column("touchpoint", _("Touchpoint")),
        Column("promoters", _("Promoters"), "number"),
        Column("passives", _("Passives"), "number"),
        Column("detractors", _("Detractors"), "number"),
        Column("gap", _("Gap"), "number"),
        Column("n_promoters", _("n promoters"), "count"),
        Column("n_passives", _("n passives"), "count"),
        Column("n_detractors", _("n detractors"), "count"),
    )
    rows = []
    for one in felt:
        groups = (one.promoters, one.passives, one.detractors)
        rows.append((one.name, *(g.mean if g else None for g in groups), one.gap, *(g.n if g else 0 for g in groups)))
    return Table("loyalty_groups", _("As promoters and detractors feel it"), columns, tuple(rows))


def _cautions(
    found: Touchpoints, bands: Mapping[str, Band], changed: Sequence[Change], parts: Parts, felt: Sequence[Felt]
) -> Iterator[str]:
    if not found.has_one_scale:
        yield _("The touchpoints are not rated on one scale: their ratings are not compared with each other")
    for source in dict.fromkeys(band.source for band in bands.values()):
        yield _("Others: {source}. A band says where others are, not where to go").format(source=source)
    unknown = [name for name in bands if name not in {stop.driver.name for stop in found.stops}]
    if unknown:
        yield _("Published figures for what is not in this journey: {names}").format(names=in_a_row(unknown))
    if changed:
        yield _(
            "Before and now are other people at other times: only a comparison with a group without the change shows what it did"
        )
    if felt and not any(one.has_nought for one in felt):
        yield _(
            "Nobody answered 0 to the question for loyalty groups: on a scale from 1 they are no Net Promoter groups"
        )
    few = [name for name, _n, part in parts if part is None]
    if few:
        yield _("Too few answers for a curve of its own: {names}").format(names=in_a_row(few))


def _pictures(found: Touchpoints, bands: Mapping[str, Band], changed: Sequence[Change]) -> Iterator[Picture]:
    old = {one.name: (one.before.mean, one.before.low, one.before.high) for one in changed}
    stops = [
        Drawn(
            d.name,
            (d.rated.mean, d.rated.low, d.rated.high),
            old.get(d.name),
            (bands[d.name].low, bands[d.name].high) if d.name in bands else None,
            d.share,
        )
        for d in (stop.driver for stop in found.stops)
    ]
    if found.has_one_scale:
        title = _("Experience along the journey; bars: importance; dashed: before; grey: others")
        yield Picture("journey", title, journey(stops))
        points = [
            Point(d.name, (d.share, d.share_low, d.share_high), (d.rated.mean, d.rated.low, d.rated.high))
            for d in (stop.driver for stop in found.stops)
        ]
        middle = (found.even_share, found.mean)
        yield Picture("map", _("Importance and experience"), scatter(points, _("Importance"), _("Experience"), middle))
