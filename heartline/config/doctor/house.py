"""Checks of what Django reaches: database, assets, ledger, people, and what matters before going public."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import DatabaseError, connection

from heartline.config.doctor.finding import Finding, broken, good, hint
from heartline.config.startup import database_is_new, pending_migrations
from heartline.config.words import _, ngettext

NEEDED_ASSETS = ("ui/tokens.css", "ui/base.css", "ui/icons.svg")
OLDEST_POSTGRESQL = 140000


def check_database() -> Iterator[Finding]:
    """The database answers, is of a kind and version we know, and holds the tables of this version."""
    subject = _("Database")
    try:
        connection.ensure_connection()
        if database_is_new():
            yield good(subject, _("Empty. `heartline run` makes the tables"))
            return
        yield from _check_sqlite() if connection.vendor == "sqlite" else _check_postgresql()
        yield from _check_tables()
    except DatabaseError as error:
        text = _("It does not answer: {error}").format(error=str(error).splitlines()[0])
        yield broken(subject, text, _("Check HEARTLINE_DATABASE_URL, and that the database server runs"))


def _check_sqlite() -> Iterator[Finding]:
    subject = _("Database")
    version, mode, state = _one("SELECT sqlite_version()"), _one("PRAGMA journal_mode"), _one("PRAGMA quick_check")
    if state != "ok":
        yield broken(
            subject,
            _("It is damaged: {state}").format(state=state),
            _("Restore the last backup with `heartline restore`"),
        )
    if mode != "wal":
        yield broken(
            subject,
            _("The journal mode is {mode}, not wal").format(mode=mode),
            _("Move the data folder to a local disk: network file systems cannot hold it"),
        )
    if state == "ok" and mode == "wal":
        yield good(subject, _("SQLite {version}, whole").format(version=version))


def _check_postgresql() -> Iterator[Finding]:
    subject, number = _("Database"), int(_one("SHOW server_version_num"))
    version = _one("SHOW server_version")
    if number < OLDEST_POSTGRESQL:
        yield broken(
            subject, _("PostgreSQL {version} is too old").format(version=version), _("Use PostgreSQL 14 or newer")
        )
    else:
        yield good(subject, f"PostgreSQL {version}")
    if _one("SHOW synchronous_commit") == "off":
        yield broken(
            subject,
            _("synchronous_commit is off: what was acknowledged to a customer could be lost"),
            "ALTER SYSTEM SET synchronous_commit = on",
        )


def _check_tables() -> Iterator[Finding]:
    pending = pending_migrations()
    if pending:
        text = ngettext("{count} change is missing", "{count} changes are missing", len(pending))
        yield broken(
            _("Tables"), text.format(count=len(pending)), _("`heartline migrate`, or simply start `heartline run`")
        )
    else:
        yield good(_("Tables"), _("Up to date"))


def check_assets() -> Iterator[Finding]:
    """Style sheets and icons are where pages look for them."""
    missing = [name for name in NEEDED_ASSETS if not finders.find(name)]
    if missing:
        text = _("Missing: {names}").format(names=", ".join(missing))
        yield broken(_("Assets"), text, _("Install Heartline again: files are missing from it"))
    else:
        yield good(_("Assets"), _("Present"))


def check_ledger() -> Iterator[Finding]:
    """The sealed batches of the ledger are as they were when they were sealed."""
    if not _has_tables():
        return
    from heartline.ledger.seals import verify

    problems = list(verify())
    for problem in problems:
        yield broken(
            _("Ledger"),
            str(problem),
            _("Somebody changed the record, or the disk did. Keep this database and restore a backup beside it"),
        )
    if not problems:
        yield good(_("Ledger"), _("Every sealed batch is unchanged"))


def check_figures() -> Iterator[Finding]:
    """The figures that are kept were what the record says when they were last counted anew."""
    if not _has_tables():
        return
    from heartline.common.clock import now
    from heartline.insight.tasks import last_check

    subject, last = _("Figures"), last_check(now())
    if last is None:
        yield hint(subject, _("Not compared with the record yet"), _("This happens every night while Heartline runs"))
    elif last["equal"]:
        text = _("Counted anew for {day}: equal to the record").format(day=last["day"])
        yield good(subject, text)
    else:
        count = len(last["differing"]) + len(last.get("rows_differing", ()))
        text = ngettext(
            "{day}: {count} place did not agree with the record",
            "{day}: {count} places did not agree with the record",
            count,
        ).format(day=last["day"], count=count)
        mend = _("Kept rows were made anew by themselves. Should it come again, report it with the log")
        yield broken(subject, text, mend)


def check_sample() -> Iterator[Finding]:
    """Nobody invented can sign in where real customers are served."""
    if not _has_tables():
        return
    from heartline.config import sample

    if sample.is_loaded():
        text = _("The sample company is loaded, and its people can sign in")
        yield hint(_("Sample company"), text, _("Before real customers come: `heartline remove-sample`"))


def check_going_public() -> Iterator[Finding]:
    """What must be set before customers come from elsewhere."""
    subject = _("Going public")
    if settings.DEBUG:
        yield broken(subject, _("HEARTLINE_DEBUG is on: error pages show the inside"), "HEARTLINE_DEBUG=0")
    if "*" in settings.ALLOWED_HOSTS:
        yield broken(subject, _("HEARTLINE_ALLOWED_HOSTS accepts any name"), _("List the names that lead here"))
    if settings.HTTPS and _only_local():
        yield broken(
            subject,
            _("HEARTLINE_HTTPS is on, but only local names are allowed"),
            _("Set HEARTLINE_ALLOWED_HOSTS to the public name"),
        )
    if not settings.HTTPS and not _only_local():
        yield broken(
            subject,
            _("Pages are reached from elsewhere without HTTPS: sign-ins can be read on the way"),
            _("Put a proxy with TLS in front, set HEARTLINE_HTTPS=1 and HEARTLINE_TRUSTED_PROXIES"),
        )
    if settings.HTTPS and not settings.TRUSTED_PROXIES:
        yield hint(
            subject,
            _("No proxy is trusted: every visitor seems to come from the proxy, and https is not noticed"),
            _("Set HEARTLINE_TRUSTED_PROXIES to the proxy's address"),
        )
    if not settings.HTTPS and _only_local():
        yield hint(
            subject,
            _("Only this machine can reach the pages. That is right for a trial"),
            _("For customers: HEARTLINE_ALLOWED_HOSTS, a proxy with TLS, HEARTLINE_HTTPS=1"),
        )


def _only_local() -> bool:
    return set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]", "testserver"}


def _has_tables() -> bool:
    try:
        return not database_is_new() and not pending_migrations()
    except DatabaseError:
        return False  # told by check_database


def _one(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])
