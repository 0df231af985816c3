"""The words of the terminal: gettext without Django, because the supervisor stays small by never loading it."""

from __future__ import annotations

import gettext
import os
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parent / "locale"


def terminal_language() -> str:
    """Return the language to speak in a terminal: zh_Hans when the locale is Chinese, else English."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "zh_Hans" if value.lower().startswith("zh") else "en"
    return "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("django", LOCALES, [language], fallback=True)


def _(message: str) -> str:
    """Return a message in the language of the terminal."""
    return _catalogue(terminal_language()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form of a message that fits a number, in the language of the terminal."""
    return _catalogue(terminal_language()).ngettext(one, many, number)
