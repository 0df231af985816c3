"""`heartline restore FILE`."""

from __future__ import annotations

from pathlib import Path

import click
import django

from heartline.config import environment
from heartline.config.commands.run import ready_folder
from heartline.config.supervisor.lock import AlreadyRunning, FolderLock
from heartline.config.words import _


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Put aside what is there and restore in its place.")
def command(file: Path, replace: bool) -> None:
    """Restore a backup into the data folder. What was there before is put aside, never removed."""
    lock = FolderLock(ready_folder())
    try:
        lock.take("restore")
    except AlreadyRunning as running:
        raise click.ClickException(_("Heartline runs on this data folder. Stop it first")) from running
    try:
        _restore(file, replace)
    finally:
        lock.release()


def _restore(file: Path, replace: bool) -> None:
    django.setup()
    from heartline.common.clock import now
    from heartline.config.keeping.manifest import Unusable
    from heartline.config.keeping.restore import restore

    try:
        manifest = restore(file, click.echo, now(), replace=replace)
    except Unusable as problem:
        raise click.ClickException(str(problem)) from problem
    done = _("Restored {rows} rows, as of {moment}, into {folder}")
    folder = environment.data_folder()
    click.echo(done.format(rows=f"{manifest.total():,}", moment=manifest.made_at, folder=folder))
