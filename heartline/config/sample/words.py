"""What is said in the sample company, read from the files beside this one."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent / "data"


@dataclass(frozen=True, kw_only=True)
class Work:
    """What whoever served noted about the case: the key of its kind, what is asked of that kind, tags."""

    kind: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Talk:
    """One conversation: who came with what, what was said, how it ended, how it was rated."""

    say: str
    text: str
    language: str
    name: str
    tier: str
    place: str
    lines: tuple[tuple[str, str], ...]
    reason: str
    how: str
    cause: str
    channel: str = "webchat"
    brand: str = "qinghe"
    score: int | None = None
    comment: str = ""
    told: str = ""
    happened: str = ""
    outcome: str | None = None
    work: Work = Work()

    @property
    def is_open(self) -> bool:
        """Whether something is still owed after it; such talks belong to the last day."""
        return self.how in ("promised", "partly") or self.outcome == ""


@dataclass(frozen=True, kw_only=True)
class Left:
    """Somebody who left before being served."""

    text: str
    language: str
    name: str
    waited: int
    how: str
    brand: str = "qinghe"


def talks() -> list[Talk]:
    """Return every conversation."""
    said, noted = _utterances(), _noted()
    return [
        Talk(
            **{**row, "lines": tuple(map(tuple, row["lines"]))},
            **said[row["say"]],
            work=noted.get(row["say"], Work()),
        )
        for row in _json("talks.json")
    ]


def left() -> list[Left]:
    """Return everybody who left."""
    said = _utterances()
    return [
        Left(**{name: value for name, value in row.items() if name != "say"}, **said[row["say"]])
        for row in _json("left.json")
    ]


def _noted() -> dict[str, Work]:
    """What was noted on cases, by what their customers said first."""
    rows = json.loads((FOLDER / "work.json").read_text(encoding="utf-8"))
    return {say: Work(**{**row, "tags": tuple(row["tags"])}) for say, row in rows.items()}


def _json(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads((FOLDER / name).read_text(encoding="utf-8"))
    return rows


def _utterances() -> dict[str, dict[str, Any]]:
    languages = {"zh": "zh-hans", "en": "en"}
    with (FOLDER / "customers.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: {"text": row["text"], "language": languages[row["lang"]]} for row in csv.DictReader(file)}
