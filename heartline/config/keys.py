"""Secrets that belong to one installation, made on first use and readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path


def secret_key(data_folder: Path) -> str:
    """Return the installation's secret key, creating it with mode 0600 the first time.

    Two processes may start at once: the key is written whole to a private name and linked into place,
    so that both read the same one.
    """
    path = data_folder / "secret.key"
    if not path.exists():
        data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        mine = data_folder / f".secret.{os.getpid()}"
        mine.touch(mode=0o600)
        mine.write_text(secrets.token_urlsafe(64))
        try:
            os.link(mine, path)
        except FileExistsError:
            pass
        finally:
            mine.unlink()
    return path.read_text().strip()
