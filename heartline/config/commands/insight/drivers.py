"""`heartline insight drivers FILE`."""

from __future__ import annotations

from pathlib import Path

import click

from heartline.config.commands.insight.output import answering
from heartline.config.commands.insight.source import from_file, left_out, names, read
from heartline.insight.answers import Answer, WrongQuestion


@click.command("drivers")
@from_file
@click.option("--target", required=True, metavar="COL", help="The outcome: a number, or two categories.")
@click.option(
    "--drivers",
    default="",
    metavar="A,B,…",
    help="What may go with it; * fits many (PERQ*). All other columns of numbers if left out.",
)
@click.option("--by", default="", metavar="COL", help="The same for each segment, and where segments surely differ.")
@click.option("--weight", default="", metavar="COL", help="How much each row counts.")
@click.option("--good", default="", metavar="VALUE", help="Of two categories, the better one.")
@click.option("--zero-is-missing", is_flag=True, help="A driver's 0 means no answer.")
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
    help="Rows with gaps: left out; used pair by pair; kept, the gap being part of the driver.",
)
@click.option(
    "--method",
    type=click.Choice(["auto", "lmg", "johnson"]),
    default="auto",
    show_default=True,
    help="LMG (Shapley) up to 15 drivers, Johnson's weights above.",
)
@click.option("--low", type=float, metavar="N", help="Answers up to here are bad ones.")
@click.option("--high", type=float, metavar="N", help="Answers from here on are very good ones.")
@click.option(
    "--rival",
    "rivals",
    multiple=True,
    metavar="NAME=A2,B2,…",
    help="A rival's columns, one for each driver, - where it was not asked; may be repeated.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed draws the same samples.")
@click.option(
    "--resamples",
    type=click.IntRange(100, 100_000),
    default=1000,
    show_default=True,
    help="How many samples intervals rest on.",
)
@answering
def command(file: Path, encoding: str, sheet: str, drivers: str, rivals: tuple[str, ...], **asked: object) -> Answer:
    """Which experiences go with an outcome: importance with intervals, basic, performance and excitement factors."""
    from heartline.insight.drivers import Question, explain, sample_of
    from heartline.insight.drivers.answer import told
    from heartline.insight.drivers.asking import columns_of
    from heartline.insight.drivers.comparing import differences, gaps_to_rivals, segments

    question = Question(drivers=names(drivers), rivals=tuple(map(_rival, rivals)), **asked)  # type: ignore[arg-type]  # Click has checked them
    frame = read(file, columns_of(question), encoding=encoding, sheet=sheet)
    sample = sample_of(frame, question)
    found = explain(sample, question)
    parts, aside = segments(frame, sample, question) if question.by else ((), 0)
    return told(found, parts, differences(parts), gaps_to_rivals(frame, sample, question), left_out(frame), aside)


def _rival(text: str) -> tuple[str, tuple[str, ...]]:
    from heartline.insight.answers.words import _

    name, equals, columns = text.partition("=")
    if not equals or not names(columns):
        raise WrongQuestion(_("--rival is written NAME=A2,B2,…, not “{text}”").format(text=text))
    return name.strip(), names(columns)
