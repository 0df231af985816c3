"""What happens before the first page: tables made or brought up to date (after a backup), the sample company loaded."""

from __future__ import annotations

import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import override

import heartline
from heartline.common.clock import now
from heartline.config import environment
from heartline.config.fresh import make_tables
from heartline.config.supervisor.tidings import Login
from heartline.config.words import _, terminal_language

log = logging.getLogger("heartline.startup")

Step = Callable[[str], None]
BACKUPS_KEPT = 5
ROOM_NEEDED = 50 * 1024 * 1024
MIGRATION_LOCK = 0x48454152  # "HEAR": any number that no other program on this server uses as an advisory lock


class CannotStart(Exception):
    """A reason not to start, and what mends it."""

    def __init__(self, text: str, mend: str) -> None:
        super().__init__(text, mend)  # both, so that it can pass from one process to another
        self.text = text
        self.mend = mend

    def __str__(self) -> str:
        return self.text


def prepare(step: Step) -> None:
    """Bring the database to where it can serve."""
    _check_room()
    try:
        bring_up_to_date(step)
    except OperationalError as error:
        raise CannotStart(
            _("The database cannot be used: {error}").format(error=str(error).splitlines()[0]),
            _("Check HEARTLINE_DATABASE_URL, or that the data folder can be written"),
        ) from error
    open_wanted_sample(step)


def what_to_show() -> dict[str, Any]:
    """Return what the start screen should show: how to sign in, or that somebody has to set the house up."""
    from heartline.people.queries import needs_first_setup

    return {"needs_setup": needs_first_setup(), "logins": sample_logins()}


def pending_migrations() -> list[str]:
    """Return the names of migrations that the database has not had yet."""
    executor = MigrationExecutor(connection)
    return [str(migration) for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]


def bring_up_to_date(step: Step) -> list[str]:
    """Make or change the tables as this version needs them; a SQLite file with data is copied first."""
    with _one_at_a_time():
        pending = pending_migrations()
        if pending:
            log.info("applying %s migrations", len(pending))
            (_create if database_is_new() else _change)(step)
    return pending


def _create(step: Step) -> None:
    step(_("Creating the database"))
    _wish().touch(mode=0o600)
    with _quick_and_unsafe_while_empty():
        make_tables()


def _change(step: Step) -> None:
    copy = copy_before_change()
    step(_("Updating the database"))
    if copy:
        step(_("The one before is kept as {copy}").format(copy=copy))
    call_command("migrate", interactive=False, verbosity=0)


def database_is_new() -> bool:
    """Return whether the database holds no tables at all."""
    return not connection.introspection.table_names()


def copy_before_change() -> Path | None:
    """Copy a SQLite database that is about to change, keep the last few copies; None on PostgreSQL."""
    if connection.vendor != "sqlite":
        return None
    folder = settings.DATA_FOLDER / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S")
    target = folder / f"before-{heartline.__version__}-{stamp}.sqlite3"
    copy_sqlite(Path(str(connection.settings_dict["NAME"])), target)
    for old in sorted(folder.glob("before-*.sqlite3"), key=lambda path: path.stat().st_mtime)[:-BACKUPS_KEPT]:
        old.unlink()
    return target


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy a SQLite database as one consistent moment, also while it is in use."""
    target.touch(mode=0o600)
    reader, writer = sqlite3.connect(source), sqlite3.connect(target)
    try:
        reader.backup(writer)
    finally:
        writer.close()
        reader.close()


def open_wanted_sample(step: Step) -> None:
    """Found the sample company in a new installation that wants it: quick enough for the first visitor to wait for."""
    from heartline.config import sample

    if not _is_wished_for():
        return
    step(_("Loading the sample company"))
    if not _done(lambda: sample.open_doors(now())):
        step(_("It could not be loaded. Heartline starts without it; `heartline load-sample` tries again"))
        _wish().unlink(missing_ok=True)


def play_wanted_sample() -> None:
    """Play the sample company's last days, behind the first visitor; a start that was cut off tries again."""
    from heartline.config import sample

    if _is_wished_for():
        _done(lambda: sample.live_through(sample.open_doors(now()), now()))
        _wish().unlink(missing_ok=True)


def _done(load: Callable[[], object]) -> bool:
    """Return whether it could be done; a house without its sample company is still a house."""
    try:
        load()
    except Exception:
        log.exception("the sample company could not be loaded; `heartline load-sample` tries again")
        return False
    return True


def _is_wished_for() -> bool:
    """Return whether the sample company has yet to come; somebody may have thought better of it since."""
    if not environment.flag("HEARTLINE_SAMPLE", "1"):
        _wish().unlink(missing_ok=True)
    return _wish().exists()


def sample_logins() -> tuple[Login, ...]:
    """Return the sign-ins of the sample company, none when it is not loaded."""
    from heartline.config import sample
    from heartline.people.models import Role

    with override("zh-hans" if terminal_language() == "zh_Hans" else "en"):
        return tuple(Login(str(Role(one.role).label), one.email, one.password) for one in sample.logins())


def _wish() -> Path:
    return Path(settings.DATA_FOLDER / "sample.wanted")


def _check_room() -> None:
    free = shutil.disk_usage(settings.DATA_FOLDER).free
    if free < ROOM_NEEDED:
        raise CannotStart(
            _("Only {free} MB are free in {folder}").format(free=free // 2**20, folder=settings.DATA_FOLDER),
            _("Make room, or move the data folder and set HEARTLINE_DATA"),
        )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let one host change the tables at a time. A SQLite folder has one supervisor, which is lock enough."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])


@contextmanager
def _quick_and_unsafe_while_empty() -> Iterator[None]:
    """Skip waiting for the disk while a new SQLite database is made: nothing in it has been promised to anyone yet."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
