"""`heartline backup FILE`."""

from __future__ import annotations

from pathlib import Path

import click
import django


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(file: Path) -> None:
    """Write database, attachments and key to FILE, also while Heartline runs. Keep it safe: it holds everything."""
    django.setup()
    from heartline.common.clock import now
    from heartline.config.keeping.backup import back_up
    from heartline.config.words import _

    manifest = back_up(file.resolve(), now())
    size = file.stat().st_size / 2**20
    click.echo(
        _("{rows} rows in {size} MB: {file}").format(rows=f"{manifest.total():,}", size=f"{size:.1f}", file=file)
    )
