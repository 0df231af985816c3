"""`heartline insight damage`: what problems cost, and what would help, from the numbers in a TOML file."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from heartline.config.commands.insight.output import answering
from heartline.config.words import terminal_language
from heartline.insight.answers import Answer


def _template(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Write a file to start from, in the language of the terminal, and end."""
    if not value or context.resilient_parsing:
        return
    from heartline.insight import damage

    click.echo((Path(damage.__file__).parent / f"template.{terminal_language()}.toml").read_text("utf-8"), nl=False)
    context.exit()


@click.command("damage")
@click.argument("model", type=click.Path(path_type=Path))
@click.option(
    "--template",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_template,
    help="Write a commented file to start from, and end.",
)
@click.option(
    "--retention",
    type=click.Path(path_type=Path),
    help="A file of who stayed, with columns outcome and stayed: it replaces what customers said.",
)
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The day from which inputs are old; today if left out."
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Of the draws: the same seed gives the same ranges."
)
@answering
def command(model: Path, retention: Path | None, today: datetime | None, seed: int) -> Answer:
    """Count what problems cost in a year, what each month of doing nothing costs, and what each lever would bring back."""
    from heartline.insight.damage.answer import answer
    from heartline.insight.damage.reading import read_model, with_retention

    found = read_model(model)
    if retention is not None:
        from heartline.insight.damage.retention import observed
        from heartline.insight.files import read_table

        found = with_retention(found, observed(read_table(retention)), retention.name)
    return answer(found, today=today.date() if today else date.today(), seed=seed)  # noqa: DTZ011  # the reader's own calendar
