"""Values of attributes: read from what people type, kept in one form, compared by kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from heartline.common.text import clean, fold

DIGITS = 18
TEXT_LIMIT = 500
_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T].*)?")


def read_value(kind: str, raw: str, choices: Sequence[str] = ()) -> str:
    """Return a value in the form it is kept in, empty for nothing; raises ValueError when it cannot be read."""
    raw = clean(raw, TEXT_LIMIT * 2)
    if not raw:
        return ""
    if kind == "number":
        return read_number(raw)
    if kind == "date":
        return read_date(raw).isoformat()
    if kind == "choice":
        return _choice(raw, choices)
    return raw[:TEXT_LIMIT]


def read_number(raw: str) -> str:
    """Return a number as plain digits: ¥12,000.50 and １２０００．５０ are 12000.5."""
    bare = fold(raw).replace(",", "").replace(" ", "").strip("¥$€£%元")
    factor = {"万": 10_000, "亿": 100_000_000}.get(bare[-1:], 1)
    try:
        number = Decimal(bare.rstrip("万亿"))
    except InvalidOperation:
        raise ValueError("number") from None
    if not _is_meant(number):
        raise ValueError("number")
    plain = f"{number * factor:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) or "0"


def _is_meant(number: Decimal) -> bool:
    """1e-900000 is a number too, and would be written out as a million digits."""
    return number.is_finite() and -DIGITS < number.adjusted() < DIGITS and len(number.as_tuple().digits) <= DIGITS


def read_date(raw: str) -> date:
    """Return a day written year first: 2026-03-06, 2026/3/6, 2026年3月6日."""
    found = _DATE.fullmatch(fold(raw))
    if not found:
        raise ValueError("date")
    try:
        return date(*(int(part) for part in found.groups()))
    except ValueError:
        raise ValueError("date") from None


def _choice(raw: str, choices: Sequence[str]) -> str:
    wanted = fold(raw)
    for choice in choices:
        if fold(choice) == wanted:
            return choice
    raise ValueError("choice")
