"""Before the first page: tables are made or changed, never without a way back."""

from __future__ import annotations

import json
import sqlite3

import pytest
from django.db import connection

from heartline.config import startup
from heartline.config.tests.command import heartline, module, python
from tests.cast import NOON

MAKE_TABLES_AND_ASK = """
from django.db import connection
from heartline.config.startup import bring_up_to_date

bring_up_to_date(print)
print("synchronous", connection.cursor().execute("PRAGMA synchronous").fetchone()[0])
"""


def test_tables_are_made_once(tmp_path):
    first = heartline(tmp_path, "migrate")
    assert "changes applied" in first.stdout, first.stderr
    assert "up to date" in heartline(tmp_path, "migrate").stdout
    assert not (tmp_path / "backups").exists()


def test_a_database_is_copied_before_it_changes(tmp_path):
    heartline(tmp_path, "migrate")
    database = sqlite3.connect(tmp_path / "heartline.sqlite3")
    with database:
        database.execute("DELETE FROM django_migrations WHERE app = 'sessions'")
        database.execute("DROP TABLE django_session")
        database.execute("CREATE TABLE keepsake (words TEXT)")
        database.execute("INSERT INTO keepsake VALUES ('before')")
    database.close()
    done = heartline(tmp_path, "migrate")
    assert done.returncode == 0, done.stderr
    (copy,) = (tmp_path / "backups").glob("before-*.sqlite3")
    assert sqlite3.connect(copy).execute("SELECT words FROM keepsake").fetchall() == [("before",)]
    assert copy.stat().st_mode & 0o077 == 0


def test_new_databases_are_made_durable_again(tmp_path):
    """Making the tables skips waiting for the disk; nothing after it may."""
    done = python(tmp_path, MAKE_TABLES_AND_ASK)
    assert "synchronous 2" in done.stdout, done.stderr


def test_tables_made_at_once_are_those_that_migrations_make(tmp_path, two_empty_databases):
    """Column by column, with keys, checks, indexes, triggers, and what is noted as applied."""
    made = {}
    for kind, url in zip(("fresh", "migrated"), two_empty_databases, strict=True):
        done = module(tmp_path / kind, "heartline.config.tests.schema", kind, HEARTLINE_DATABASE_URL=url)
        assert done.returncode == 0, done.stderr
        made[kind] = json.loads(done.stdout)
    assert made["fresh"].keys() == made["migrated"].keys()
    for part, shape in made["fresh"].items():
        assert shape == made["migrated"][part], part


@pytest.fixture
def two_empty_databases(empty_database):
    return [empty_database(), empty_database()]


@pytest.fixture
def wish(monkeypatch):
    """A new installation that has yet to get its sample company."""
    monkeypatch.setenv("HEARTLINE_SAMPLE", "1")
    path = startup._wish()
    path.touch()
    yield path
    path.unlink(missing_ok=True)


def test_a_sample_company_that_cannot_be_loaded_does_not_keep_the_house_shut(wish, monkeypatch):
    from heartline.config import sample

    def fail(company, now):
        raise AssertionError("the play broke off")

    monkeypatch.setattr(sample, "open_doors", lambda now: None)
    monkeypatch.setattr(sample, "live_through", fail)
    startup.play_wanted_sample()
    assert not wish.exists()


def test_a_start_that_was_cut_off_loads_the_sample_company_the_next_time(wish, monkeypatch):
    from heartline.config import sample

    def cut_off(company, now):
        raise KeyboardInterrupt

    monkeypatch.setattr(sample, "open_doors", lambda now: None)
    monkeypatch.setattr(sample, "live_through", cut_off)
    with pytest.raises(KeyboardInterrupt):
        startup.play_wanted_sample()
    assert wish.exists()


def test_a_sample_company_that_cannot_be_founded_is_said_on_the_screen(wish, monkeypatch):
    from heartline.config import sample

    def fail(now):
        raise AssertionError("no paper to found it on")

    said = []
    monkeypatch.setattr(sample, "open_doors", fail)
    startup.open_wanted_sample(said.append)
    assert "load-sample" in said[-1]
    assert not wish.exists()


@pytest.mark.parametrize("load", [lambda: startup.open_wanted_sample(print), startup.play_wanted_sample])
def test_whoever_thinks_better_of_it_gets_no_sample_company(load, wish, monkeypatch):
    from heartline.config import sample

    monkeypatch.setenv("HEARTLINE_SAMPLE", "0")
    monkeypatch.setattr(sample, "open_doors", lambda now: pytest.fail("nobody wants it"))
    load()
    assert not wish.exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("short")
def test_a_company_that_was_founded_and_cut_off_gets_its_days():
    from heartline.config import sample

    company = sample.open_doors(NOON)
    assert sample.is_loaded()
    assert sample.open_doors(NOON) == company
    assert sample.live_through(sample.open_doors(NOON), NOON)
    assert not sample.load(NOON)


def test_a_full_disk_stops_the_start_in_plain_words(monkeypatch):
    monkeypatch.setattr(startup, "ROOM_NEEDED", 1 << 60)
    with pytest.raises(startup.CannotStart) as problem:
        startup.prepare(print)
    assert "MB" in problem.value.text
    assert "HEARTLINE_DATA" in problem.value.mend


@pytest.mark.django_db
def test_nothing_is_pending_in_an_up_to_date_database():
    assert startup.pending_migrations() == []
    assert not startup.database_is_new()


@pytest.mark.postgres
@pytest.mark.django_db
def test_two_hosts_do_not_change_tables_at_once():
    with startup._one_at_a_time(), connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (1,)


@pytest.mark.parametrize("https", ["0", "1"])
def test_the_shipped_settings_pass_djangos_own_check_for_production(tmp_path, https):
    names = {"HEARTLINE_HTTPS": https, "HEARTLINE_ALLOWED_HOSTS": "support.example.com"}
    done = module(tmp_path, "django", "check", "--deploy", "--fail-level", "WARNING", **names)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("HEARTLINE_PORT", "eighty", "HEARTLINE_PORT must be a number"),
        ("HEARTLINE_DATABASE_URL", "mysql://x/y", "must start with postgresql://"),
        ("HEARTLINE_SMTP_URL", "http://x", "HEARTLINE_SMTP_URL must look like"),
    ],
)
def test_a_wrong_setting_is_told_in_one_sentence(tmp_path, name, value, told):
    done = heartline(tmp_path, "doctor", **{name: value})
    assert done.returncode == 1
    assert told in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


@pytest.mark.parametrize(("value", "told"), [("many", "a number from 1 to 64"), ("2", "needs PostgreSQL")])
def test_more_processes_than_the_database_takes_are_refused(tmp_path, value, told):
    done = heartline(tmp_path, "run", HEARTLINE_WEB_PROCESSES=value)
    assert done.returncode == 78
    assert told in done.stdout + done.stderr
