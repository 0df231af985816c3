"""Which database Heartline talks to, and how each kind must be opened to keep its promises."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from heartline.config.environment import WrongSetting

# FULL: a commit that was acknowledged to a customer survives loss of power, not only of the process.
SQLITE_START = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000; "
    "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-16000; PRAGMA mmap_size=134217728;"
)
# Pages and programs ask the same questions again and again: from the second time on, PostgreSQL keeps the plan.
PREPARED_AFTER = 1


def database_settings(url: str, data_folder: Path) -> dict[str, Any]:
    """Return Django's DATABASES["default"] for a database URL, or for the embedded SQLite when it is empty."""
    if not url:
        return sqlite_settings(data_folder / "heartline.sqlite3")
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise WrongSetting(f"HEARTLINE_DATABASE_URL must start with postgresql://, not {parts.scheme}://")
    return postgresql_settings(parts)


def postgresql_settings(parts: SplitResult) -> dict[str, Any]:
    """Return settings for PostgreSQL: kept connections, and the URL's own options (`?sslmode=verify-full`).

    What a connection asks often it asks as a statement that PostgreSQL has prepared: reading a question and planning it
    takes several times what answering it does. `?prepare=off` is for poolers that know nothing of prepared statements.
    """
    options = dict(parse_qsl(parts.query))
    prepare = options.pop("prepare", "on") != "off"
    return {
        "ENGINE": "heartline.config.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or options.pop("host", ""),  # ?host=/run/postgresql names a socket folder
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 10,
            "server_side_binding": prepare,
            "prepare_threshold": PREPARED_AFTER if prepare else None,
            **options,
        },
    }


def sqlite_settings(path: Path) -> dict[str, Any]:
    """Return settings for an embedded database: write-ahead log, immediate transactions in turn, kept connections."""
    return {
        "ENGINE": "heartline.config.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 30, "init_command": SQLITE_START},
        # a file, so that the threads of a test meet each other as the processes of the house do
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
    }
