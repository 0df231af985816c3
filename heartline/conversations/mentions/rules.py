"""Who is called in a text."""

from __future__ import annotations

from collections.abc import Mapping

MOST = 20


def called_in(text: str, names: Mapping[int, str]) -> tuple[int, ...]:
    """Return whose @name stands in a text, in order of ids; the longest name wins where one begins like another."""
    rest = text
    found = []
    for person_id, name in sorted(names.items(), key=lambda item: -len(item[1])):
        if name and f"@{name}" in rest:
            found.append(person_id)
            rest = rest.replace(f"@{name}", "")
    return tuple(sorted(found)[:MOST])
