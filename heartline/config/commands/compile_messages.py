"""`heartline compile-messages`: for those who translate, in a source checkout."""

from __future__ import annotations

import click

from heartline.config.messages import HOUSE, catalogues, compile_stale


@click.command("compile-messages")
@click.option("--quiet", is_flag=True, help="Say nothing.")
def command(quiet: bool) -> None:
    """Compile the translations that changed. `make run` and `make test` do this by themselves."""
    done = compile_stale()
    if not quiet:
        for path in done:
            click.echo(path.relative_to(HOUSE))
        click.echo(f"{len(done)} of {len(list(catalogues()))} compiled")
