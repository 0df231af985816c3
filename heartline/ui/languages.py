"""Words that are the same for everybody who reads a language."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from django.utils.translation import get_language

Made = TypeVar("Made")


def once_per_language(make: Callable[[], Made]) -> Callable[[], Made]:
    """Let something that depends on nothing but the language be made once in each; nobody may change what they get."""
    made: dict[str | None, Made] = {}

    @wraps(make)
    def kept() -> Made:
        language = get_language()
        if language not in made:
            made[language] = make()
        return made[language]

    return kept
