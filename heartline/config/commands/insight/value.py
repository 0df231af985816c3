"""`heartline insight value`: what customers will still be worth, from a file of their purchases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from heartline.config.commands.insight.output import answering
from heartline.config.commands.insight.source import from_file, left_out, read
from heartline.insight.answers import Answer


@click.command("value")
@from_file
@click.option("--customer", required=True, metavar="COL", help="Column that says who bought.")
@click.option("--date", "day", required=True, metavar="COL", help="Column with the day.")
@click.option(
    "--amount", default="", metavar="COL", help="Column with the amount; without it purchases are counted, not money."
)
@click.option(
    "--dates", type=click.Choice(["ymd", "dmy", "mdy"]), help="How days are written, when a file leaves it open."
)
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="Count from this day; the last in the file if left out."
)
@click.option("--weeks", type=click.IntRange(1, 520), default=52, show_default=True, help="How far to look ahead.")
@click.option(
    "--margin",
    type=click.FloatRange(0, 1, min_open=True),
    default=1.0,
    show_default=True,
    help="Share of an amount that is margin.",
)
@click.option(
    "--discount", type=click.FloatRange(0, 1), default=0.10, show_default=True, help="Interest of a year, as a share."
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
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Of the draws: the same seed gives the same intervals."
)
@answering
def command(
    file: Path, encoding: str, sheet: str, customer: str, day: str, amount: str, dates: str | None,
    until: datetime | None, weeks: int, margin: float, discount: float, currency: str, shown: int, seed: int,
) -> Answer:  # fmt: skip
    """Say how many purchases are to come and what they are worth today, who is worth most, and who is probably leaving."""
    from heartline.insight.value.answer import answer
    from heartline.insight.value.purchases import purchases
    from heartline.insight.value.worth import Plan

    frame = read(file, list(dict.fromkeys(filter(None, (customer, day, amount)))), encoding=encoding, sheet=sheet)
    bought = purchases(frame, customer, day, amount, order=dates or "")
    plan = Plan(weeks, margin, discount, seed)
    found = answer(bought, plan, until=until.date() if until else None, currency=currency, shown=shown)
    return replace(found, cautions=(*left_out(frame), *found.cautions))
