"""`heartline insight loyalty`: promoters and detractors, what they are worth, and the customer pyramid, from a file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from heartline.config.commands.insight.output import answering
from heartline.config.commands.insight.source import from_file, left_out, read
from heartline.insight.answers import Answer


@click.command("loyalty")
@from_file
@click.option("--nps", default="", metavar="COL", help="Column with the answer from 0 to 10: would you recommend us?")
@click.option("--csat", default="", metavar="COL", help="Column with satisfaction from 1 to 5.")
@click.option("--ces", default="", metavar="COL", help="Column with ease or effort from 1 to 7.")
@click.option(
    "--ces-is", type=click.Choice(["ease", "effort"]), default="ease", show_default=True, help="What a 7 means."
)
@click.option("--spend", default="", metavar="COL", help="Column with what each customer spends in the period.")
@click.option(
    "--before",
    default="",
    metavar="COL",
    help="Column with what each spent in the period before: tiers move, growth is earned.",
)
@click.option(
    "--earned", default="", metavar="COL", help="Column that says of new customers whether they were recommended."
)
@click.option("--won", default="", metavar="COL", help="Column with how many new customers each brought.")
@click.option("--lost", default="", metavar="COL", help="Column with how many customers each cost us.")
@click.option("--by", default="", metavar="COL", help="Tell NPS apart by this column.")
@click.option("--currency", default="", metavar="CODE", help="CNY, EUR, …: shown with amounts.")
@answering
def command(file: Path, encoding: str, sheet: str, currency: str, ces_is: str, **columns: str) -> Answer:
    """Say who is loyal and what that is worth: scores with intervals, loyalty groups, the pyramid, earned growth."""
    from heartline.insight.loyalty.answer import answer
    from heartline.insight.loyalty.asking import Columns, asked

    named = Columns(**columns)
    frame = read(file, list(dict.fromkeys(named.named())) or None, encoding=encoding, sheet=sheet)
    found = answer(asked(frame, named, ces_is=ces_is), currency=currency)
    return replace(found, cautions=(*left_out(frame), *found.cautions))
