"""Errors that are the caller's to mend, each with a code for programs and a sentence for people.

HeartlineError
├── Invalid      422  what was sent cannot be used; `fields` says where
├── NotSignedIn  401
├── NotAllowed   403
├── NotFound     404  also when it exists but is not for this reader: existence is not revealed
├── Conflict     409  somebody or something else was first
├── TooLarge     413
└── TooMany      429
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class HeartlineError(Exception):
    """A refusal with a machine code, a translated message, and the fields it concerns."""

    status = 400
    code = "error"

    def __init__(self, message: Any, *, code: str = "", fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.fields = dict(fields or {})

    def __str__(self) -> str:
        return str(self.message)


class Invalid(HeartlineError):
    """What was sent cannot be used."""

    status = 422
    code = "invalid"


class NotSignedIn(HeartlineError):
    """Nobody is signed in, or the visitor's token is unknown."""

    status = 401
    code = "not_signed_in"


class NotAllowed(HeartlineError):
    """The reader is known and has no right to this."""

    status = 403
    code = "not_allowed"


class NotFound(HeartlineError):
    """There is no such thing for this reader."""

    status = 404
    code = "not_found"


class Conflict(HeartlineError):
    """The thing changed since it was looked at."""

    status = 409
    code = "conflict"


class TooLarge(HeartlineError):
    """More was sent than is taken."""

    status = 413
    code = "too_large"


class TooMany(HeartlineError):
    """Asked too often; `retry_after` is how many seconds to wait before asking again."""

    status = 429
    code = "too_many"

    def __init__(
        self, message: Any, *, code: str = "", fields: Mapping[str, Any] | None = None, retry_after: int = 60
    ) -> None:
        super().__init__(message, code=code, fields=fields)
        self.retry_after = retry_after
