"""How account e-mail leaves: through the SMTP server that is named, or into files when none is."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from heartline.config.environment import WrongSetting


def mail_settings(url: str, data_folder: Path) -> dict[str, Any]:
    """Return Django's EMAIL settings for smtp:// (STARTTLS), smtps:// (TLS at once), or no server at all."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": data_folder / "logs" / "mail",
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise WrongSetting("HEARTLINE_SMTP_URL must look like smtp://user:password@host:port or smtps://…")
    at_once = parts.scheme == "smtps"
    local = parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or (465 if at_once else 587),
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": at_once,
        "EMAIL_USE_TLS": not at_once and not local,  # a server on this very machine may speak plainly
        "EMAIL_TIMEOUT": 20,
    }
