"""The settings people may change from outside, in one table that the documentation is generated from."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Variable:
    """One environment variable: its name, its default in words, and what it does."""

    name: str
    default: str
    meaning: str


class WrongSetting(ValueError):
    """A setting from outside cannot be used; the message says which, why, and what would do."""


VARIABLES = (
    Variable(
        "HEARTLINE_DATA",
        "./heartline-data",
        "Folder that holds the database, attachments, keys and logs.",
    ),
    Variable("HEARTLINE_PORT", "8000", "Port that pages, API and live push are served on."),
    Variable("HEARTLINE_HOST", "127.0.0.1", "Address to listen on."),
    Variable(
        "HEARTLINE_DATABASE_URL",
        "SQLite in the data folder",
        "postgresql://user:password@host:port/name to use PostgreSQL. Options such as ?sslmode=verify-full are passed on.",
    ),
    Variable(
        "HEARTLINE_WEB_PROCESSES",
        "1",
        "How many processes serve pages on the port, on PostgreSQL only: one for each core that it and the rest leave free.",
    ),
    Variable(
        "HEARTLINE_ALLOWED_HOSTS",
        "localhost, 127.0.0.1, [::1]",
        "Comma separated host names that may be used to reach this server.",
    ),
    Variable("HEARTLINE_HTTPS", "0", "1 when served behind TLS: secure cookies, HSTS, https links."),
    Variable(
        "HEARTLINE_TRUSTED_PROXIES",
        "none",
        "Comma separated addresses or networks whose X-Forwarded-For and X-Forwarded-Proto are believed.",
    ),
    Variable(
        "HEARTLINE_CALLBACK_COUNTRIES",
        "the country of the brand's own number",
        "Comma separated countries (CN, GB, …) whose numbers are called back. Costly numbers never are.",
    ),
    Variable(
        "HEARTLINE_WEBHOOK_NETWORKS",
        "none",
        "Comma separated networks (10.1.0.0/16, 127.0.0.1) that webhooks may reach although they are not public; "
        "there, http:// will do.",
    ),
    Variable(
        "HEARTLINE_SAMPLE",
        "1",
        "0 starts an empty data folder without the sample company and leads through set-up.",
    ),
    Variable(
        "HEARTLINE_OIDC",
        "none",
        "JSON list of OpenID Connect providers: id, name, client_id, secret, server_url.",
    ),
    Variable(
        "HEARTLINE_SMTP_URL",
        "none",
        "smtp://user:password@host:port for account e-mail, smtps:// for TLS from the first byte; "
        "without it, mail is written to the log folder.",
    ),
    Variable("HEARTLINE_MAIL_FROM", "heartline@localhost", "Sender of account e-mail."),
    Variable(
        "HEARTLINE_DEBUG",
        "0",
        "1 turns on the components page at /ui and detailed error pages. Never in production.",
    ),
    Variable(
        "HEARTLINE_CLOCK_OFFSET_FILE",
        "none",
        "File with a number of seconds added to the clock; used by fault tests only.",
    ),
)


def read(name: str, default: str = "") -> str:
    """Return one declared variable, refusing names that the table does not document."""
    if name not in {variable.name for variable in VARIABLES}:
        raise KeyError(f"{name} is not declared in heartline.config.environment.VARIABLES")
    return os.environ.get(name, default).strip() or default


def flag(name: str, default: str = "0") -> bool:
    """Return a declared variable as a yes or no."""
    return read(name, default).lower() in {"1", "true", "yes", "on"}


def items(name: str, default: str = "") -> list[str]:
    """Return a declared comma separated variable as a list without blanks."""
    return [item.strip() for item in read(name, default).split(",") if item.strip()]


def networks(name: str) -> list[str]:
    """Return a declared list of networks, refusing what is none."""
    found = items(name)
    for text in found:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError as error:
            raise WrongSetting(f"{name} must list networks such as 10.1.0.0/16, not {text!r}") from error
    return found


def data_folder() -> Path:
    """Return the absolute path of the data folder."""
    return Path(read("HEARTLINE_DATA", "heartline-data")).expanduser().resolve()


def port() -> int:
    """Return the port to serve on."""
    text = read("HEARTLINE_PORT", "8000")
    if not text.isdecimal() or not 0 < int(text) < 65536:
        raise WrongSetting(f"HEARTLINE_PORT must be a number from 1 to 65535, not {text!r}")
    return int(text)


def web_processes() -> int:
    """Return how many processes serve pages; SQLite, which takes one writer at a time, is served by one."""
    text = read("HEARTLINE_WEB_PROCESSES", "1")
    if not text.isdecimal() or not 0 < int(text) <= 64:
        raise WrongSetting(f"HEARTLINE_WEB_PROCESSES must be a number from 1 to 64, not {text!r}")
    if int(text) > 1 and not read("HEARTLINE_DATABASE_URL"):
        raise WrongSetting("HEARTLINE_WEB_PROCESSES above 1 needs PostgreSQL: set HEARTLINE_DATABASE_URL")
    return int(text)


def host() -> str:
    """Return the address to listen on."""
    return read("HEARTLINE_HOST", "127.0.0.1")
