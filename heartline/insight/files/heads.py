"""The names of columns: cleaned, made different from each other, and asked for as people write them."""

from __future__ import annotations

from collections.abc import Sequence

from heartline.common.text import fold
from heartline.insight.answers import CannotAnswer, refuse_unknown
from heartline.insight.answers.words import _


def heads(row: Sequence[str], source: str) -> list[str]:
    """Return the names in a head: empty ones are numbered, the second of a name says so."""
    if not row:
        raise CannotAnswer(_("{file} is empty").format(file=source))
    names: list[str] = []
    for place, cell in enumerate(row, 1):
        name = " ".join(cell.replace("\ufeff", "").split()) or _("column {number}").format(number=place)
        seen = sum(fold(one) == fold(name) or one.startswith(f"{name} (") for one in names)
        names.append(f"{name} ({seen + 1})" if name in names else name)
    return names


def places(names: Sequence[str], wanted: Sequence[str] | None) -> dict[str, int]:
    """Return where each wanted column stands, all when none are named."""
    if wanted is None:
        return {name: place for place, name in enumerate(names)}
    missing = [name for name in wanted if name not in names]
    if missing and all(_is_number(name) for name in names):
        raise CannotAnswer(
            _("The first line has to name the columns; here it is {names}").format(names=", ".join(names[:8]))
        )
    refuse_unknown(_("column"), missing, names)
    return {name: names.index(name) for name in dict.fromkeys(wanted)}


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).lstrip("-").isdigit()
