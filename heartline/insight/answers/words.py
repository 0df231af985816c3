"""The words of analyses: gettext without Django, in the language that whoever asks has said."""

from __future__ import annotations

import gettext
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LOCALES = Path(__file__).parent.parent / "locale"
_spoken: ContextVar[str] = ContextVar("language of analyses", default="en")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Say everything inside in a language: en or zh_Hans (zh-hans is as good)."""
    token = _spoken.set("zh_Hans" if language.lower().startswith("zh") else "en")
    try:
        yield
    finally:
        _spoken.reset(token)


def language() -> str:
    """Return the language that is spoken: en or zh_Hans."""
    return _spoken.get()


def joined(parts: Iterable[str]) -> str:
    """Return parts of a sentence with what stands between them in the language that is spoken."""
    return ("；" if language() == "zh_Hans" else "; ").join(parts)


def in_a_row(names: Iterable[str]) -> str:
    """Return names in a row as the language that is spoken puts them."""
    return ("、" if language() == "zh_Hans" else ", ").join(names)


@cache
def _catalogue(name: str) -> gettext.NullTranslations:
    return gettext.translation("django", LOCALES, [name], fallback=True)


def _(message: str) -> str:
    """Return a message in the language that is spoken."""
    return _catalogue(_spoken.get()).gettext(message)


def ngettext(one: str, many: str, number: int) -> str:
    """Return the form of a message that fits a number."""
    return _catalogue(_spoken.get()).ngettext(one, many, number)


def pgettext(context: str, message: str) -> str:
    """Return a message that needs its context to be understood."""
    return _catalogue(_spoken.get()).pgettext(context, message)
