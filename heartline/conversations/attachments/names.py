"""What a file is called: only ever a label, never a place on our disk. Pure."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

NAME_BYTES = 255
LONGEST_EXTENSION = 12
# Names that Windows takes for devices, whatever follows the dot.
_DEVICES = re.compile(r"^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])$", re.IGNORECASE)
# Control and format characters (zero-width, direction overrides), surrogates, private use, unassigned, separators.
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def looks_like_token(text: str) -> bool:
    """Return whether a text has the form of a file's token; anything else need not be looked for."""
    return bool(re.fullmatch(r"[\w-]{16,40}", text, re.ASCII))


def extension_of(name: str) -> str:
    """Return a name's extension in lower case without its dot, empty when it has none."""
    _stem, dot, extension = label(name).rstrip(" .").rpartition(".")
    return extension.lower() if dot and len(extension) <= LONGEST_EXTENSION else ""


def clean_name(name: str, extensions: tuple[str, ...]) -> str:
    """Return the label a file is kept under: nothing invisible, no path, no device, an extension its bytes deserve.

    Characters are normalised first and judged afterwards, so that none can turn into something else later.
    """
    whole = label(name).rstrip(" .")
    extension = extension_of(whole)
    stem = whole[: -len(extension) - 1] if extension else whole
    if extension not in extensions:
        extension = extensions[0]
    stem = stem.strip(" .") or "file"
    if _DEVICES.match(stem.partition(".")[0].strip()):
        stem = f"_{stem}"
    return f"{_cut(stem, NAME_BYTES - len(extension) - 1)}.{extension}"


def label(name: str) -> str:
    """Return the last part of a path, without characters that cannot be seen or that some system takes as special."""
    seen = "".join(c for c in unicodedata.normalize("NFC", name) if unicodedata.category(c) not in _UNSEEN)
    last = re.split(r"[/\\]", seen)[-1]
    return re.sub(r'[:*?"<>|]', "_", last)


def disposition(name: str, *, inline: bool) -> str:
    """Return the Content-Disposition header for a clean name (RFC 6266), with a plain one for old programs."""
    kind = "inline" if inline else "attachment"
    plain = "".join(c if " " <= c <= "~" and c not in '"\\%' else "_" for c in name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _cut(text: str, most: int) -> str:
    return text.encode("utf-8")[:most].decode("utf-8", errors="ignore").rstrip(" .")
