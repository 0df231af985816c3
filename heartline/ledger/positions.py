"""A reader's place in the ledger: comparable, and written as one short word in `Last-Event-ID`."""

from __future__ import annotations

import re
from typing import NamedTuple


class Position(NamedTuple):
    """The place of an entry. Positions are compared as pairs: first the transaction, then the id."""

    tx: int
    id: int

    def __str__(self) -> str:
        return f"{self.tx}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> Position | None:
        """Return the position that `text` names, or None when it is not one."""
        match = re.fullmatch(r"(\d{1,19})-(\d{1,19})", text.strip())
        return cls(int(match[1]), int(match[2])) if match else None


START = Position(0, 0)
