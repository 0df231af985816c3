"""Filling prepared texts with what is known. What is not known stays in sight, and is never sent."""

from __future__ import annotations

import re
from collections.abc import Mapping

VARIABLES = ("customer.name", "agent.name", "case.number", "case.subject", "brand.name", "brand.phone")
_VARIABLE = re.compile(r"\{\{\s*([a-z]{2,20}\.[a-z]{2,20})\s*\}\}")


def fill(text: str, values: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Return a text with its variables filled, and the names of those nobody knows: they stay as they were written."""
    missing: list[str] = []

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if values.get(name):
            return values[name]
        missing.append(name)
        return f"{{{{{name}}}}}"

    return _VARIABLE.sub(value, text), tuple(dict.fromkeys(missing))


def unfilled(text: str) -> tuple[str, ...]:
    """Return the variables of ours that still stand in a text; what only looks like one is the writer's own words."""
    if "{{" not in text:
        return ()
    return tuple(dict.fromkeys(name for name in _VARIABLE.findall(text) if name in VARIABLES))


def unknown(text: str) -> tuple[str, ...]:
    """Return what stands in double braces and is no variable of ours: most likely misspelt."""
    return tuple(dict.fromkeys(name for name in re.findall(r"\{\{\s*([^{}]*?)\s*\}\}", text) if name not in VARIABLES))
