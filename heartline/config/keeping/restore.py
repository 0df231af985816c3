"""Restoring a backup: checked before anything is touched, and what was there before is put aside, not removed."""

from __future__ import annotations

import re
import shutil
import tarfile
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from heartline.config.keeping.backup import KEY
from heartline.config.keeping.manifest import NAME, Manifest, Unusable, checksum
from heartline.config.keeping.tables import SQLITE_FILE, load, row_counts
from heartline.config.startup import database_is_new, pending_migrations
from heartline.config.words import _
from heartline.ledger.order import settle_after_restore

Step = Callable[[str], None]
EXPECTED = re.compile(rf"{re.escape(NAME)}|{re.escape(KEY)}|(tables|attachments)(/[^/\0]+)*")


def restore(source: Path, step: Step, now: datetime, *, replace: bool) -> Manifest:
    """Put a backup in place of the (empty, or with `replace` put aside) installation of this data folder."""
    folder = Path(settings.DATA_FOLDER)
    if not replace and not database_is_new():
        raise Unusable(_("There is data here already. Use --replace to put it aside and restore over it"))
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=folder) as scratch:
        step(_("Checking the backup"))
        manifest = unpack(source, Path(scratch))
        _check_fits(manifest)
        aside = _put_aside(folder, now)
        step(_("Restoring {rows} rows").format(rows=f"{manifest.total():,}"))
        _put_in_place(Path(scratch), folder, manifest)
    _check_counts(manifest)
    settle_after_restore()
    if pending_migrations():
        step(_("Bringing it up to this version"))
        call_command("migrate", interactive=False, verbosity=0)
    if aside:
        step(_("What was here before is in {folder}").format(folder=aside))
    return manifest


def unpack(source: Path, target: Path) -> Manifest:
    """Unpack a backup into an empty folder and check that it is whole and holds nothing else."""
    try:
        with tarfile.open(source, "r:gz") as archive:
            for entry in archive:
                _check_entry(entry)
                archive.extract(entry, target, filter="data")
    except (tarfile.TarError, EOFError, OSError) as error:
        raise Unusable(_("{file} is not a whole backup: {error}").format(file=source, error=error)) from error
    if not (target / NAME).exists():
        raise Unusable(_("{file} is not a backup of Heartline").format(file=source))
    manifest = Manifest.parse((target / NAME).read_bytes())
    for name, expected in manifest.sums.items():
        path = target / "tables" / name
        if not path.exists() or checksum(path) != expected:
            raise Unusable(_("{name} in the backup is damaged").format(name=name))
    return manifest


def _check_entry(entry: tarfile.TarInfo) -> None:
    fits = EXPECTED.fullmatch(entry.name) and ".." not in entry.name.split("/")
    if not fits or not (entry.isfile() or entry.isdir()):
        raise Unusable(_("the backup holds something that does not belong: {name}").format(name=entry.name))


def _check_fits(manifest: Manifest) -> None:
    if manifest.database != connection.vendor:
        text = _("This is a backup of {kind}, and this installation uses {ours}. Set HEARTLINE_DATABASE_URL to fit")
        raise Unusable(text.format(kind=manifest.database, ours=connection.vendor))
    if connection.vendor == "postgresql" and not database_is_new():
        raise Unusable(_("Restore into an empty PostgreSQL database and point HEARTLINE_DATABASE_URL at it"))


def _put_aside(folder: Path, now: datetime) -> Path | None:
    connection.close()
    names = ("heartline.sqlite3", "heartline.sqlite3-wal", "heartline.sqlite3-shm", "attachments")
    present = [folder / name for name in names if (folder / name).exists()]
    if not present:
        return None
    aside = folder / f"before-restore-{now:%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for path in present:
        shutil.move(path, aside / path.name)
    shutil.copy2(folder / KEY, aside / KEY)
    return aside


def _put_in_place(scratch: Path, folder: Path, manifest: Manifest) -> None:
    if connection.vendor == "sqlite":
        shutil.move(scratch / "tables" / SQLITE_FILE, folder / "heartline.sqlite3")
    else:
        load(scratch / "tables", manifest.migrations, manifest.columns)
    if (scratch / "attachments").exists():
        shutil.move(scratch / "attachments", folder / "attachments")
    shutil.move(scratch / KEY, folder / KEY)
    (folder / KEY).chmod(0o600)


def _check_counts(manifest: Manifest) -> None:
    found = row_counts()
    wrong = [table for table, rows in manifest.rows.items() if found.get(table) != rows]
    if wrong:
        raise Unusable(
            _("After restoring, these tables do not have their rows: {tables}").format(tables=", ".join(wrong))
        )
