"""`heartline insight touchpoints FILE`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heartline.config.commands.insight.output import answering
from heartline.config.commands.insight.source import from_file, left_out, names, read
from heartline.insight.answers import Answer, WrongQuestion

if TYPE_CHECKING:
    from heartline.insight.drivers import Question, Sample
    from heartline.insight.files import Frame


@click.command("touchpoints")
@from_file
@click.option(
    "--target", required=True, metavar="COL", help="The outcome, such as loyalty: a number, or two categories."
)
@click.option("--touchpoints", "drivers", required=True, metavar="A,B,…", help="The places of the journey, in order.")
@click.option("--by", default="", metavar="COL", help="A curve for each segment.")
@click.option(
    "--loyalty",
    default="",
    metavar="COL",
    help="Answers from 0 to 10 to “would you recommend us”: how promoters and detractors feel each place.",
)
@click.option("--before", default="", metavar="FILE|COL=VALUE", help="An earlier file, or the rows that are earlier.")
@click.option(
    "--bands", type=click.Path(path_type=Path), help="Published figures: a file with touchpoint, low, high, source."
)
@click.option("--weight", default="", metavar="COL", help="How much each row counts.")
@click.option("--good", default="", metavar="VALUE", help="Of two categories, the better one.")
@click.option("--zero-is-missing", is_flag=True, help="A touchpoint's 0 means no answer.")
@click.option(
    "--no-answer",
    "no_answers",
    multiple=True,
    metavar="VALUE",
    help="A value that means no answer, such as 99; may be repeated.",
)
@click.option(
    "--missing",
    type=click.Choice(["rows", "pairs", "kept"]),
    default="rows",
    show_default=True,
    help="Rows with gaps: left out; used pair by pair; kept, the gap being part of the touchpoint.",
)
@click.option("--low", type=float, metavar="N", help="Answers up to here are bad ones.")
@click.option("--high", type=float, metavar="N", help="Answers from here on are very good ones.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same samples.")
@click.option(
    "--resamples",
    type=click.IntRange(100, 100_000),
    default=1000,
    show_default=True,
    help="How many samples intervals rest on.",
)
@answering
def command(
    file: Path, encoding: str, sheet: str, drivers: str, loyalty: str, before: str, bands: Path | None, **asked: object
) -> Answer:
    """The journey in order: what each place weighs, how it is felt, where to excel and where enough is enough."""
    from heartline.insight.drivers import Question, sample_of
    from heartline.insight.drivers.asking import parts_of
    from heartline.insight.touchpoints import changes, curve, read_bands
    from heartline.insight.touchpoints.answer import told
    from heartline.insight.touchpoints.loyalty import felt_by

    question = Question(drivers=names(drivers), **asked)  # type: ignore[arg-type]  # Click has checked them
    known = read_bands(read(bands, None)) if bands else {}
    frame = read(file, None, encoding=encoding, sheet=sheet)
    sample = sample_of(frame, question)
    sample, earlier = _parted(frame, sample, question, before, encoding, sheet)
    found = curve(sample, question)
    parts = [
        (name, part.n, curve(part, question, is_whole=False) if is_enough else None)
        for name, part, is_enough in (parts_of(frame, sample, question)[0] if question.by else ())
    ]
    felt = felt_by(sample, frame.numbers(loyalty, missing=question.no_answers)[sample.rows], loyalty) if loyalty else ()
    changed = changes(curve(earlier, question, is_whole=False).found, found.found) if earlier else ()
    return told(found, bands=known, changed=changed, parts=parts, felt=felt, left_out=left_out(frame))


def _parted(
    frame: Frame, sample: Sample, question: Question, before: str, encoding: str, sheet: str
) -> tuple[Sample, Sample | None]:
    """Return the answers of now and, when asked for, those of before: from another file, or other rows of the same."""
    from heartline.insight.answers import refuse_unknown
    from heartline.insight.answers.words import _
    from heartline.insight.drivers import sample_of
    from heartline.insight.drivers.asking import refuse_thin

    if not before:
        return sample, None
    column, equals, value = before.partition("=")
    if not equals or Path(before).exists():
        earlier = sample_of(
            read(Path(before), None, encoding=encoding, sheet=sheet),
            replace(question, drivers=sample.drivers, good=sample.good),
        )
        return sample, earlier
    frame.require(column)
    texts = frame.texts(column)[sample.rows]
    refuse_unknown(_("value"), [value], sorted(set(texts.tolist()) - {""}))
    if len(set(texts.tolist()) - {"", value}) < 1:
        raise WrongQuestion(
            _("Every row has {column} = {value}: nothing is left for now").format(column=column, value=value)
        )
    now, earlier = sample.only((texts != value) & (texts != "")), sample.only(texts == value)
    for part in (now, earlier):
        refuse_thin(part, question)
    return now, earlier
