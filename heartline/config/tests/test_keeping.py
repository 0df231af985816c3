"""A backup is one moment, whole or not there; a restore brings every row back or says why not."""

from __future__ import annotations

import io
import json
import sqlite3
import tarfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from heartline.common.actors import Actor
from heartline.config.keeping.backup import back_up
from heartline.config.keeping.manifest import Manifest, Unusable
from heartline.config.keeping.restore import unpack
from heartline.config.tests.command import heartline, python
from heartline.ledger.actions import one_change, record
from heartline.ledger.models import Entry
from heartline.ledger.tests.events import Noted

NOW = datetime(2026, 11, 26, 3, 38, tzinfo=UTC)
ADD_ONE_AND_READ = """
from datetime import UTC, datetime
from heartline.common.actors import Actor
from heartline.ledger.actions import one_change, record
from heartline.ledger.positions import START
from heartline.ledger.queries import read_after
from heartline.ledger.tests.events import Noted

with one_change():
    record(Noted(text="after"), by=Actor.system("x"), now=datetime.now(UTC), sample=False)
print([event.body["text"] for event in read_after(START)])
"""


@pytest.fixture
def filled(transactional_db, tmp_path):
    """A database with three entries, and one attachment."""
    for text in ("one", "two", "three"):
        with one_change():
            record(Noted(text=text), by=Actor.system("test"), now=NOW, sample=False)
    folder = Path(settings.ATTACHMENT_FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ab12").write_bytes(b"a picture")
    return tmp_path / "backup.tar.gz"


def test_a_backup_holds_rows_attachments_and_the_key(filled):
    manifest = back_up(filled, NOW)
    assert manifest.rows["ledger_entry"] == Entry.objects.count() == 3
    with tarfile.open(filled) as archive:
        names = set(archive.getnames())
    assert {"manifest.json", "secret.key", "attachments/ab12"} <= names
    assert filled.stat().st_mode & 0o077 == 0


def test_a_backup_that_fails_leaves_nothing_behind(filled, monkeypatch):
    monkeypatch.setattr(tarfile.TarFile, "add", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space"):
        back_up(filled, NOW)
    assert list(filled.parent.iterdir()) == []


def test_what_was_backed_up_is_restored_row_by_row(filled, tmp_path, empty_database_url):
    manifest = back_up(filled, NOW)
    folder = tmp_path / "elsewhere"
    done = heartline(folder, "restore", str(filled), HEARTLINE_DATABASE_URL=empty_database_url)
    assert done.returncode == 0, done.stderr
    assert (folder / "attachments" / "ab12").read_bytes() == b"a picture"
    assert (folder / "secret.key").read_text() == (Path(settings.DATA_FOLDER) / "secret.key").read_text()
    again = tmp_path / "again.tar.gz"
    assert heartline(folder, "backup", str(again), HEARTLINE_DATABASE_URL=empty_database_url).returncode == 0
    with tarfile.open(again) as archive:
        second = Manifest.parse(archive.extractfile("manifest.json").read())
    assert second.rows == manifest.rows
    assert sorted(second.migrations) == sorted(manifest.migrations)


@pytest.fixture
def empty_database_url(empty_database):
    return empty_database()


def test_new_entries_follow_the_restored_ones(filled, tmp_path, empty_database_url):
    back_up(filled, NOW)
    folder = tmp_path / "elsewhere"
    heartline(folder, "restore", str(filled), HEARTLINE_DATABASE_URL=empty_database_url)
    done = python(folder, ADD_ONE_AND_READ, HEARTLINE_DATABASE_URL=empty_database_url)
    assert done.stdout.strip() == "['one', 'two', 'three', 'after']", done.stderr


def test_restoring_over_data_is_refused_unless_asked(filled, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL is always restored into an empty database")
    back_up(filled, NOW)
    folder = tmp_path / "in-use"
    assert heartline(folder, "migrate").returncode == 0
    refused = heartline(folder, "restore", str(filled))
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    done = heartline(folder, "restore", str(filled), "--replace")
    assert done.returncode == 0, done.stderr
    aside = list(folder.glob("before-restore-*/heartline.sqlite3"))
    assert len(aside) == 1
    assert sqlite3.connect(aside[0]).execute("SELECT COUNT(*) FROM ledger_entry").fetchone() == (0,)


def repacked(source, target, change):
    """Copy a backup with its entries changed: `change` gets and returns (name, bytes), or None to leave one out."""
    with tarfile.open(source) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            data = old.extractfile(entry).read() if entry.isfile() else None
            changed = change(entry.name, data)
            if changed is None:
                continue
            entry.name, data = changed
            entry.size = len(data or b"")
            new.addfile(entry, io.BytesIO(data) if data is not None else None)
    return target


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda name, data: (name, data[:-1] + b"!" if name.startswith("tables/") else data), "damaged"),
        (lambda name, data: None if name.startswith("tables/") else (name, data), "damaged"),
        (lambda name, data: None if name == "manifest.json" else (name, data), "not a backup"),
        (lambda name, data: ("../../etc/cron.d/x" if name == "attachments/ab12" else name, data), "does not belong"),
        (lambda name, data: ("attachments/../../x" if name == "attachments/ab12" else name, data), "does not belong"),
        (lambda name, data: ("/etc/passwd" if name == "attachments/ab12" else name, data), "does not belong"),
    ],
)
def test_a_backup_that_was_tampered_with_is_refused(filled, tmp_path, change, why):
    back_up(filled, NOW)
    bad = repacked(filled, tmp_path / "bad.tar.gz", change)
    target = tmp_path / "unpacked"
    target.mkdir()
    with pytest.raises(Unusable, match=why):
        unpack(bad, target)


def test_half_a_backup_is_refused(filled, tmp_path):
    back_up(filled, NOW)
    half = tmp_path / "half.tar.gz"
    half.write_bytes(filled.read_bytes()[: filled.stat().st_size // 2])
    (tmp_path / "x").mkdir()
    with pytest.raises(Unusable):
        unpack(half, tmp_path / "x")


def test_a_backup_of_a_later_format_is_refused():
    text = json.dumps({"format": 99})
    with pytest.raises(Unusable, match="99"):
        Manifest.parse(text)
