"""The doctor finds what is wrong, says how to mend it, and is not alarmed by what is right."""

from __future__ import annotations

import os
import socket
import time

import pytest
from django.db import connection

from heartline.config.doctor import house, machine
from heartline.config.processes.heartbeat import STALE, Heartbeat, pulses
from heartline.config.supervisor.lock import FolderLock


@pytest.fixture
def folder(tmp_path, monkeypatch):
    path = tmp_path / "data"
    path.mkdir(mode=0o700)
    monkeypatch.setenv("HEARTLINE_DATA", str(path))
    monkeypatch.setenv("LC_ALL", "C")
    return path


def levels(check):
    findings = list(check())
    assert all(finding.mend for finding in findings if finding.level != "good")
    return {finding.level for finding in findings}


def texts(check):
    return " ".join(f"{finding.text} {finding.mend}" for finding in check())


def test_a_good_folder(folder):
    assert levels(machine.check_folder) == {"good"}


def test_a_folder_that_others_can_look_into(folder):
    folder.chmod(0o755)
    assert levels(machine.check_folder) == {"hint"}
    assert f"chmod 700 {folder}" in texts(machine.check_folder)


def test_a_folder_that_is_not_there_yet(folder):
    folder.rmdir()
    assert levels(machine.check_folder) == {"hint"}


def test_a_folder_that_cannot_be_written(folder, monkeypatch):
    monkeypatch.setattr(machine.tempfile, "NamedTemporaryFile", _refused)
    assert levels(machine.check_folder) == {"broken"}


def _refused(**_):
    raise OSError(30, "Read-only file system")


@pytest.mark.parametrize(("free", "level"), [(1 << 20, "broken"), (1 << 30, "hint"), (1 << 40, "good")])
def test_the_disk(folder, monkeypatch, free, level):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _: type("Usage", (), {"free": free}))
    assert levels(machine.check_disk) == {level}


def test_a_port_that_another_program_has(folder, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as other:
        monkeypatch.setenv("HEARTLINE_PORT", str(other.getsockname()[1]))
        assert levels(machine.check_port) == {"broken"}
        assert f"process {os.getpid()}" in texts(machine.check_port)


def test_a_port_that_is_ours(folder):
    lock = FolderLock(folder)
    lock.take("http://127.0.0.1:8000")
    assert levels(machine.check_port) == {"good"}
    lock.release()


def test_a_clock_that_went_back(folder):
    (folder / "x").touch()
    os.utime(folder / "x", (time.time() + 7200,) * 2)
    assert levels(machine.check_clock) == {"broken"}


def test_a_key_that_others_can_read(folder):
    (folder / "secret.key").touch(mode=0o644)
    assert levels(machine.check_files) == {"broken"}


def test_processes_that_are_dead_stuck_or_well(folder):
    assert levels(machine.check_processes) == {"good"}
    lock = FolderLock(folder)
    lock.take("here")
    assert "web is not running" in texts(machine.check_processes)
    web, work = Heartbeat(folder / "run", "web"), Heartbeat(folder / "run", "work")
    assert levels(machine.check_processes) == {"good"}
    os.utime(folder / "run" / "web.json", (time.time() - STALE - 5,) * 2)
    assert f"kill -9 {os.getpid()}" in texts(machine.check_processes)
    web.beat()
    assert levels(machine.check_processes) == {"good"}
    work.end()
    assert "work is not running" in texts(machine.check_processes)
    assert [pulse.name for pulse in pulses(folder / "run")] == ["web"]
    lock.release()


@pytest.mark.django_db
def test_a_good_database():
    assert levels(house.check_database) == {"good"}
    assert levels(house.check_assets) == {"good"}
    assert levels(house.check_ledger) == {"good"}


@pytest.mark.django_db
def test_missing_changes_of_the_tables():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
    assert levels(house._check_tables) == {"broken"}
    assert "heartline migrate" in texts(house._check_tables)


@pytest.mark.django_db
def test_a_ledger_that_was_changed(monkeypatch):
    monkeypatch.setattr("heartline.ledger.seals.verify", lambda: ["Seal 3 does not match"])
    assert levels(house.check_ledger) == {"broken"}
    assert "Seal 3" in texts(house.check_ledger)


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ({}, "hint"),
        ({"DEBUG": True}, "broken"),
        ({"ALLOWED_HOSTS": ["*"]}, "broken"),
        ({"ALLOWED_HOSTS": ["support.example.com"]}, "broken"),
        ({"HTTPS": True}, "broken"),
        ({"HTTPS": True, "ALLOWED_HOSTS": ["support.example.com"]}, "hint"),
        ({"HTTPS": True, "ALLOWED_HOSTS": ["support.example.com"], "TRUSTED_PROXIES": ["10.0.0.1"]}, None),
    ],
)
def test_going_public(settings, values, level):
    for name, value in values.items():
        setattr(settings, name, value)
    found = levels(house.check_going_public)
    assert (level in found) if level else not found
