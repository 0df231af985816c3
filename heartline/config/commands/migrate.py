"""`heartline migrate`: bring the tables up to date without starting anything."""

from __future__ import annotations

import click
import django


@click.command("migrate")
def command() -> None:
    """Bring the database up to date. `heartline run` does this by itself."""
    django.setup()
    from heartline.config.startup import CannotStart, bring_up_to_date
    from heartline.config.words import _, ngettext

    try:
        applied = bring_up_to_date(click.echo)
    except CannotStart as problem:
        raise click.ClickException(f"{problem.text}. {problem.mend}") from problem
    if applied:
        click.echo(
            ngettext("{count} change applied", "{count} changes applied", len(applied)).format(count=len(applied))
        )
    else:
        click.echo(_("The database is up to date"))
