"""What a child tells its supervisor, one JSON object a line: what it is doing, that it serves, or why it cannot."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

Kind = Literal["step", "ready", "hopeless"]


@dataclass(frozen=True)
class Login:
    """A sign-in of the sample company."""

    role: str
    email: str
    password: str


@dataclass(frozen=True)
class Tidings:
    """One message: a step under way, readiness with the logins to show, or a reason not to try again."""

    kind: Kind
    text: str = ""
    mend: str = ""
    needs_setup: bool = False
    logins: tuple[Login, ...] = ()

    def line(self) -> bytes:
        """Return the message as it travels."""
        return json.dumps(asdict(self)).encode() + b"\n"

    @classmethod
    def parse(cls, line: bytes) -> Tidings:
        """Return the message that a line holds."""
        values = json.loads(line)
        return cls(**values | {"logins": tuple(Login(**login) for login in values["logins"])})
