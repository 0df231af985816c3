"""What a backup says of itself."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
NAME = "manifest.json"


class Unusable(Exception):
    """A backup that cannot be made or restored; the message says why and what would help."""


@dataclass(frozen=True)
class Manifest:
    """The contents of a backup: from which version, of which kind of database, with how many rows."""

    version: str
    made_at: str
    database: str
    migrations: list[list[str]]
    columns: dict[str, list[str]]
    rows: dict[str, int]
    sums: dict[str, str]
    format: int = field(default=FORMAT)

    def text(self) -> str:
        """Return the manifest as it is written."""
        return json.dumps(asdict(self), indent=1)

    @classmethod
    def parse(cls, text: str | bytes) -> Manifest:
        """Return the manifest that a backup holds, or raise Unusable."""
        values: dict[str, Any] = json.loads(text)
        if values.get("format") != FORMAT:
            raise Unusable(f"this backup has format {values.get('format')}; this version of Heartline reads {FORMAT}")
        return cls(**values)

    def total(self) -> int:
        """Return the number of rows in all tables."""
        return sum(self.rows.values())


def checksum(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
