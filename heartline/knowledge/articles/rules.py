"""What makes an article fit to be read: pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from heartline.common.text import has_han, one_line

FIELDS = ("title_en", "body_en", "title_zh", "body_zh")
LANGUAGES = ("en", "zh")


@dataclass(frozen=True)
class Answered:
    """An expert's answer, with what was asked, without who it was about."""

    question: str
    answer: str


def draft_of(answered: Answered) -> dict[str, str]:
    """Return the fields of a draft: in the language of the answer, titled by the question."""
    language = "zh" if has_han(answered.answer) else "en"
    return {f"title_{language}": one_line(answered.question, 120), f"body_{language}": answered.answer}


def halves(values: Mapping[str, str]) -> list[str]:
    """Return the languages in which there is a title without a text, or a text without a title."""
    return [one for one in LANGUAGES if bool(values[f"title_{one}"].strip()) != bool(values[f"body_{one}"].strip())]


def whole(values: Mapping[str, str]) -> list[str]:
    """Return the languages in which there are both."""
    return [one for one in LANGUAGES if values[f"title_{one}"].strip() and values[f"body_{one}"].strip()]
