"""Making a backup, also while Heartline runs."""

from __future__ import annotations

import io
import os
import tarfile
import tempfile
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection

import heartline
from heartline.config.keeping.manifest import NAME, Manifest, checksum
from heartline.config.keeping.tables import applied_migrations, dump

KEY = "secret.key"


def back_up(target: Path, now: datetime) -> Manifest:
    """Write a backup to `target`; the file appears under its name only when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=target.parent) as scratch:
        tables = Path(scratch) / "tables"
        tables.mkdir()
        columns, rows = dump(tables)
        manifest = _manifest(tables, columns, rows, now)
        whole = Path(scratch) / "whole"
        _pack(whole, manifest, tables)
        whole.replace(target)
    return manifest


def _manifest(tables: Path, columns: dict[str, list[str]], rows: dict[str, int], now: datetime) -> Manifest:
    return Manifest(
        version=heartline.__version__,
        made_at=now.isoformat(),
        database=connection.vendor,
        migrations=applied_migrations(),
        columns=columns,
        rows=rows,
        sums={path.name: checksum(path) for path in sorted(tables.iterdir())},
    )


def _pack(target: Path, manifest: Manifest, tables: Path) -> None:
    with open(target, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=3) as archive:
            _add_text(archive, NAME, manifest.text())
            archive.add(tables, "tables")
            archive.add(settings.DATA_FOLDER / KEY, KEY)
            if Path(settings.ATTACHMENT_FOLDER).exists():
                archive.add(settings.ATTACHMENT_FOLDER, "attachments")
        file.flush()
        os.fsync(file.fileno())


def _add_text(archive: tarfile.TarFile, name: str, text: str) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(text.encode())
    entry.mode = 0o600
    archive.addfile(entry, io.BytesIO(text.encode()))
