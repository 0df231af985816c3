"""`heartline load-sample`: add the sample company to what is there."""

from __future__ import annotations

import click
import django


@click.command("load-sample")
def command() -> None:
    """Load the sample company, marked as sample and removable in one go."""
    django.setup()
    from heartline.common.clock import now
    from heartline.config import sample
    from heartline.config.startup import bring_up_to_date
    from heartline.config.words import _

    bring_up_to_date(click.echo)
    sample.load(now())
    click.echo(_("The sample company is loaded. Sign in with"))
    for login in sample.logins():
        click.echo(f"  {login.email}  {login.password}  {login.role}")
