"""Whether what was written has the shape of a plan: tables where tables stand, lists where lists do. Pure.

A draft may say anything wrong; but pages can show, and databases keep, only what has this shape.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Any

# None is a plain value, str a text; a dict is a table, "*" standing for every other name; a list lists what is in it.
TABLE: dict[str, Any] = {"*": None}
STEP: dict[str, Any] = {"*": None, "skills": TABLE, "wishes": TABLE, "tell": TABLE, "teams": [str], "sites": [str]}
WAY: dict[str, Any] = {"*": None, "steps": [STEP], "borrow": [TABLE]}
PLAN: dict[str, Any] = {
    "*": None,
    "order": {"*": None, "tiers": TABLE},
    "people": {"*": None, "weights": TABLE, "interrupts": [TABLE]},
    "calls": TABLE,
    "sites": {"*": {"*": None, "closed": [str], "like": TABLE}},
    "everywhere": WAY,
    "queues": {"*": WAY},
}


def misshapen(content: object, shape: Any = PLAN, path: str = "") -> Iterator[str]:
    """Yield the places of what cannot be kept."""
    if isinstance(shape, dict) and isinstance(content, Mapping):
        for name, one in content.items():
            where = f"{path}.{name}" if path else str(name)
            if not _is_plain(name):
                yield where
            yield from misshapen(one, shape.get(name, shape["*"]), where)
    elif isinstance(shape, list) and isinstance(content, list):
        for at, one in enumerate(content):
            yield from misshapen(one, shape[0], f"{path}.{at}")
    elif shape not in (None, str) or not _is_plain(content) or (shape is str and not isinstance(content, str)):
        yield path


def _is_plain(value: object) -> bool:
    """Return whether a value stands for itself, and every database stores it."""
    if isinstance(value, str):
        return "\x00" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    return isinstance(value, int) or (isinstance(value, float) and isfinite(value))
