"""How to sign in to the sample company: a password of this installation's own, never one that everybody knows."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from heartline.people.models import Person, Role

# Letters and digits that nobody mistakes for one another.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ORDER = (Role.AGENT, Role.SUPERVISOR, Role.ADMIN, Role.ANALYST, Role.EXPERT)


class Login(NamedTuple):
    """One way to look around: what for, as whom, with what."""

    role: str
    name: str
    email: str
    password: str


def logins() -> list[Login]:
    """Return a sign-in for each role of the sample company, none when it is not loaded."""
    found = Person.objects.filter(is_sample=True, is_active=True).order_by("id")
    first = {person.role: person for person in reversed(found)}
    password = read_password() if first else ""
    if not password:
        return []
    return [Login(role.value, first[role].name, first[role].email, password) for role in ORDER if role in first]


def make_password() -> str:
    """Make, keep and return a new password; the file is for the owner of the data folder alone."""
    password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))
    path = _path()
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(password + "\n")
    return password


def read_password() -> str:
    """Return the kept password, empty when there is none."""
    try:
        return _path().read_text().strip()
    except OSError:
        return ""


def forget_password() -> None:
    """Remove the kept password."""
    _path().unlink(missing_ok=True)


def _path() -> Path:
    return Path(settings.DATA_FOLDER) / "sample-logins.txt"
