"""`heartline remove-sample`: take the sample company away again, with everything that happened in it."""

from __future__ import annotations

import click
import django

from heartline.config.words import _


@click.command("remove-sample")
@click.option("--yes", is_flag=True, help="Do not ask first.")
def command(yes: bool) -> None:
    """Remove the sample company and everything that happened in it. What is yours stays."""
    django.setup()
    from heartline.common.clock import now
    from heartline.config import sample

    if not yes:
        click.confirm(_("Remove the sample company, its people, customers and conversations?"), abort=True)
    sample.remove(now())
    click.echo(_("The sample company is gone. What you added yourself is still there"))
