"""Translations: each folder's .po files compiled to .mo beside them, never stale.

A compiled file carries the hash of its source, so that "is it up to date" is answered exactly, whatever
file times say. Compiled files are not in version control; the wheel gets them when it is built.
"""

from __future__ import annotations

import gettext
import hashlib
from collections.abc import Iterator
from pathlib import Path

HOUSE = Path(__file__).parent.parent
SOURCE = "X-Source-SHA256"


def catalogues() -> Iterator[Path]:
    """Yield every .po file of the house."""
    yield from sorted(HOUSE.glob("**/locale/*/LC_MESSAGES/*.po"))


def compile_stale() -> list[Path]:
    """Compile the catalogues that changed; returns their paths. Without polib (an installed wheel) nothing can be stale."""
    stale = [path for path in catalogues() if is_stale(path)]
    for path in stale:
        compile_one(path)
    return stale


def is_stale(source: Path) -> bool:
    """Return whether the compiled file is missing or made from another text."""
    compiled = source.with_suffix(".mo")
    if not compiled.exists():
        return True
    with compiled.open("rb") as file:
        try:
            made_from = gettext.GNUTranslations(file).info().get(SOURCE.lower())
        except (OSError, ValueError, UnicodeDecodeError):
            return True
    return made_from != _hash(source)


def compile_one(source: Path) -> None:
    """Compile one catalogue; the finished file appears under its name at once."""
    import polib

    catalogue = polib.pofile(str(source))
    catalogue.metadata[SOURCE] = _hash(source)
    unfinished = source.with_suffix(".mo.new")
    catalogue.save_as_mofile(str(unfinished))
    unfinished.replace(source.with_suffix(".mo"))


def _hash(source: Path) -> str:
    return hashlib.sha256(source.read_bytes()).hexdigest()
