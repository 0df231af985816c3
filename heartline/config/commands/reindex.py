"""`heartline reindex`: build the search index anew from the tables."""

from __future__ import annotations

import click
import django

from heartline.config.words import _


@click.command("reindex")
def command() -> None:
    """Build the search index anew, also while Heartline runs. What is indexed can be found meanwhile."""
    django.setup()
    from rich.progress import Progress

    from heartline.knowledge.search.actions import begin_anew, build_on, things_to_index

    begin_anew()
    indexed = 0
    with Progress(transient=True) as progress:
        task = progress.add_task(_("Indexing"), total=things_to_index())
        while (done := build_on()) is not None:
            indexed += done
            progress.advance(task, done)
    click.echo(_("The search index holds {count} customers, cases, messages and files").format(count=f"{indexed:,}"))
