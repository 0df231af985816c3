"""What an inbox can be narrowed to: pure. The browser filters its rows with the same names (selectors.js)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CHOICES: dict[str, frozenset[str]] = {
    "owner": frozenset({"me", "nobody", "others"}),
    "state": frozenset({"waiting", "active", "wrap_up", "snoozed"}),
}
WORDS = {"channel": 20, "language": 10, "tier": 20, "tag": 40}
SWITCHES = ("unread", "overdue")

Filters = dict[str, Any]


def checked(given: Mapping[str, Any]) -> Filters:
    """Return the filters that mean something; the rest is left out."""
    found: Filters = {}
    queue = given.get("queue")
    if isinstance(queue, int) and not isinstance(queue, bool) and 0 < queue < 2**53:
        found["queue"] = queue
    for name, longest in WORDS.items():
        value = given.get(name)
        if isinstance(value, str) and value.strip():
            found[name] = value.strip()[:longest]
    for name, choices in CHOICES.items():
        value = given.get(name)
        if isinstance(value, str) and value in choices:
            found[name] = value
    return found | {name: True for name in SWITCHES if given.get(name) is True}
