"""Small things about text that several rooms need."""

from __future__ import annotations

import re
import unicodedata

_CONTROL = {code: None for code in range(32) if code not in (9, 10)} | {127: None}
_BIDI = dict.fromkeys([0x202A, 0x202B, 0x202C, 0x202D, 0x202E, 0x2066, 0x2067, 0x2068, 0x2069])
# A cell that begins with one of these, also behind what nobody sees, is run as a formula by one spreadsheet or another.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_INVISIBLE = " \u3000\u00a0\u200b\ufeff"


def clean(text: str, limit: int) -> str:
    """Return text as it may be stored: no control or direction-override characters, at most `limit` characters."""
    unified = text.replace("\r\n", "\n").replace("\r", "\n")
    return unified.translate(_CONTROL).translate(_BIDI).strip()[:limit]


def one_line(text: str, limit: int) -> str:
    """Return text on one line, shortened with an ellipsis when longer than `limit` characters."""
    flat = re.sub(r"\s+", " ", text).strip()
    return flat if len(flat) <= limit else flat[: limit - 1].rstrip() + "…"


def as_cell(text: str) -> str:
    """Return text as it may stand in a file for spreadsheets: what could be run gets an apostrophe in front."""
    return f"'{text}" if text.lstrip(_INVISIBLE).startswith(FORMULA) else text


def fold(text: str) -> str:
    """Return text as it is compared: full-width to half-width (NFKC), lower case, single spaces."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().casefold()


def has_han(text: str) -> bool:
    """Return whether the text holds a Chinese character."""
    return bool(re.search(r"[㐀-鿿豈-﫿]", text))


def masked_phone(phone: str) -> str:
    """Return a phone number with its middle hidden: 138****1234."""
    digits = phone.strip()
    return digits[:3] + "****" + digits[-4:] if len(digits) >= 8 else "****"


def masked_email(address: str) -> str:
    """Return an e-mail address with its local part hidden: w***@example.com."""
    local, at, host = address.partition("@")
    return f"{local[:1]}***{at}{host}"


def masked_name(name: str) -> str:
    """Return a name with its middle hidden: 王*明, 李*, D*** M***."""
    if has_han(name):
        return name[0] + "*" + (name[-1] if len(name) > 2 else "")
    return " ".join(part[:1] + "***" for part in name.split())
