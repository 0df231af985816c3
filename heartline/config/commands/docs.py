"""`heartline docs`: for those who change Heartline, in a source checkout."""

from __future__ import annotations

import click
import django


@click.command("docs")
def command() -> None:
    """Write the reference pages under docs/reference from the code."""
    django.setup()
    from heartline.config.reference import write

    for path in write():
        click.echo(path)
