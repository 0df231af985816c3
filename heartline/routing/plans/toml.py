"""A plan as a TOML file: the same names, the same values, in both directions."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.errors import Invalid

LONGEST = 1_000_000
_BARE = re.compile(r"[A-Za-z0-9_-]+")


def loads(text: str) -> dict[str, Any]:
    """Return the plan that a file holds, as it was written; raises Invalid and says where it cannot be read."""
    if len(text) > LONGEST:
        raise Invalid(_("This file is too long for a plan"), fields={"file": _("This file is too long for a plan")})
    try:
        return {name: _plain(one) for name, one in tomllib.loads(text.lstrip("\ufeff")).items()}
    except (ValueError, RecursionError) as error:  # a number of thousands of digits is a plain ValueError
        message = _("This is no TOML file that can be read: %(where)s") % {"where": str(error)}
        raise Invalid(message, fields={"file": message}) from error


def dumps(content: Mapping[str, Any]) -> str:
    """Return a plan as the text of a file."""
    return "\n".join(_table(content, ())).strip() + "\n"


def _table(content: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    """Write the plain values of a table first, then the tables in it, then the lists of tables."""
    for name, value in content.items():
        if not _is_table(value) and not _is_tables(value):
            yield f"{_key(name)} = {_value(value)}"
    for name, value in content.items():
        within = (*path, name)
        if _is_table(value) and value:
            if any(not _is_table(one) and not _is_tables(one) for one in value.values()):
                yield f"\n[{'.'.join(map(_key, within))}]"
            yield from _table(value, within)
        elif _is_table(value):
            yield f"\n[{'.'.join(map(_key, within))}]"
        elif _is_tables(value):
            for one in value:
                yield f"\n[[{'.'.join(map(_key, within))}]]"
                yield from _table(one, within)


def _value(value: Any) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else json.dumps(name, ensure_ascii=False)


def _is_table(value: Any) -> bool:
    return isinstance(value, Mapping)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(map(_is_table, value))


def _plain(value: Any) -> Any:
    """Return values as JSON knows them: a date or a time is its text."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | time) else value
