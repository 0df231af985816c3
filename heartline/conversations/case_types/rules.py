"""Choices as they are written, one on a line, and values as they are read: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from heartline.common.text import clean, fold, one_line
from heartline.customers.rules.values import read_value

Choice = Mapping[str, str]
YES = frozenset({"yes", "y", "true", "1", "是", "有"})
NO = frozenset({"no", "n", "false", "0", "否", "无", "没有"})
LONGEST_CHOICE = 80
MOST_CHOICES = 100


def choices_in(text: str) -> list[dict[str, str]]:
    """Return choices written one on a line, in both languages with a bar between: `Broken | 破损`."""
    pairs = (line.replace("｜", "|").partition("|") for line in text.splitlines())
    return tidied({"en": english, "zh": chinese} for english, _bar, chinese in pairs)


def tidied(choices: Iterable[Choice]) -> list[dict[str, str]]:
    """Return choices as they are kept: each once, with a name at least."""
    found: dict[str, dict[str, str]] = {}
    for choice in choices:
        en, zh = (one_line(clean(choice[name], LONGEST_CHOICE), LONGEST_CHOICE).strip() for name in ("en", "zh"))
        if en or zh:
            found.setdefault(fold(en or zh), {"en": en or zh, "zh": zh})
    return list(found.values())[:MOST_CHOICES]


def as_lines(choices: Sequence[Choice]) -> str:
    """Return choices as they are written."""
    return "\n".join(" | ".join(filter(None, (choice["en"], choice["zh"]))) for choice in choices)


def choice_name(choice: Choice, language: str) -> str:
    """Return what a choice is called in a language."""
    return (choice["zh"] if language.startswith("zh") else choice["en"]) or choice["en"]


def read(kind: str, raw: str, choices: Sequence[Choice] = ()) -> str:
    """Return a value in the form it is kept in, empty for nothing; raises ValueError (number, date, choice, yes_no)."""
    if kind == "yes_no":
        return _yes_no(raw)
    if kind != "choice":
        return one_line(read_value(kind, raw), 500)
    wanted = fold(clean(raw, LONGEST_CHOICE * 2))
    for choice in choices:
        if wanted and wanted in (fold(choice["en"]), fold(choice["zh"])):
            return choice["en"]
    if wanted:
        raise ValueError("choice")
    return ""


def _yes_no(raw: str) -> str:
    wanted = fold(clean(raw, 20))
    if not wanted:
        return ""
    if wanted in YES or wanted in NO:
        return "yes" if wanted in YES else "no"
    raise ValueError("yes_no")
