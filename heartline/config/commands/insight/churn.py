"""`heartline insight churn`: who will leave, how sure that is, and what goes with it, from a file of customers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from heartline.config.commands.insight.output import answering
from heartline.config.commands.insight.source import from_file, left_out, names, read
from heartline.insight.answers import Answer


@click.command("churn")
@from_file
@click.option("--target", required=True, metavar="COL", help="Column that says who left; empty for customers of today.")
@click.option("--left", default="", metavar="VALUE", help="Which of its two values means left.")
@click.option("--id", "who", default="", metavar="COL", help="Column with the customer's name or number.")
@click.option("--columns", default="", metavar="A,B,…", help="What may go with leaving; all other columns if left out.")
@click.option("--leave-out", default="", metavar="A,B,…", help="Columns not to use.")
@click.option("--value", default="", metavar="COL", help="Column with what each is worth in a year: money at risk.")
@click.option(
    "--show", default="", metavar="A,B,…", help="Columns to show beside each, such as what they last experienced."
)
@click.option("--currency", default="", metavar="CODE", help="CNY, EUR, …: shown with amounts.")
@click.option(
    "--customers",
    "shown",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="How many customers to list; 0 for all.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed parts customers alike.")
@answering
def command(
    file: Path, encoding: str, sheet: str, target: str, left: str, who: str, columns: str, leave_out: str,
    value: str, show: str, currency: str, shown: int, seed: int,
) -> Answer:  # fmt: skip
    """Say who will leave, whether that can be told at all, what goes with it, and which customers are about to go."""
    from heartline.insight.churn.answer import Asking, answer, columns_to_use
    from heartline.insight.churn.design import design

    asking = Asking(who, value, names(show), currency, shown, seed)
    frame = read(file, None, encoding=encoding, sheet=sheet)
    frame.require(*filter(None, (target, who, value)), *asking.show, *names(columns), *names(leave_out))
    used = columns_to_use(frame.names, asking, target, names(columns), names(leave_out))
    found = answer(frame, design(frame, target, used, left=left), asking)
    return replace(found, cautions=(*left_out(frame), *found.cautions))
