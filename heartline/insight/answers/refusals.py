"""Why an analysis says no: a question that is wrong, or data that cannot answer it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from heartline.common.errors import Invalid
from heartline.common.text import fold
from heartline.insight.answers.words import _, in_a_row, joined

MOST_NAMES = 20


class WrongQuestion(Invalid):
    """The question names a file, column or value that is not there: asking differently helps. A command ends with 2."""

    code = "wrong_question"


class CannotAnswer(Invalid):
    """The question is right and the data cannot answer it. A command ends with 1."""

    code = "cannot_answer"


def near(name: str, known: Iterable[str]) -> str:
    """Return the known name that somebody who wrote `name` probably meant, or an empty text."""
    names = {fold(one): one for one in known}
    found = get_close_matches(fold(name), names, n=1, cutoff=0.6)
    return names[found[0]] if found else ""


def refuse_unknown(what: str, names: Iterable[str], known: Collection[str]) -> None:
    """Say which of some names are not among those that are known, with the nearest, and what there is."""
    missing = [name for name in names if name not in known]
    if not missing:
        return
    parts = [_("There is no {what} “{name}”").format(what=what, name=missing[0])]
    if meant := near(missing[0], known):
        parts.append(_("did you mean “{name}”?").format(name=meant))
    parts.append(_("there are: {names}").format(names=listed(known)))
    raise WrongQuestion(joined(parts), fields={"missing": missing})


def listed(names: Collection[str]) -> str:
    """Return names in a row, the first of them when there are many."""
    shown = in_a_row(list(names)[:MOST_NAMES])
    return shown if len(names) <= MOST_NAMES else f"{shown} … ({len(names)})"
