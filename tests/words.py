"""Every string that a person may read, found in the source, and what the Chinese catalogues say of it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import polib
from django.utils.translation import override
from django.utils.translation.template import templatize
from django.utils.translation.trans_real import catalog

from tests.source import HOUSE, ROOT, name_of, product

PLAIN = {"_", "gettext", "gettext_lazy", "gettext_noop"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
STRING = r"u?(?:'(?:\\.|[^'\\])*'|\"(?:\\.|[^\"\\])*\")"
CALL = re.compile(rf"\b(gettext|ngettext|pgettext|npgettext|_)\(\s*({STRING}(?:\s*,\s*{STRING})*)", re.DOTALL)


@dataclass(frozen=True)
class Word:
    """One string as it stands in the source."""

    where: str
    text: str
    context: str = ""
    plural: str = ""

    @property
    def in_mail(self) -> bool:
        """Whether it is part of a letter, which keeps its full stops."""
        return self.where.partition(":")[0].endswith(".txt") or "/email/" in self.where


@cache
def all_words() -> tuple[Word, ...]:
    """Return every translatable string of product code and templates."""
    return (*_in_python(), *_in_templates())


def _in_python() -> Iterator[Word]:
    for source in product():
        for call in source.calls():
            strings = [_constant(argument) for argument in call.args]
            yield from _words(name_of(call.func).rpartition(".")[2], strings, f"{source}:{call.lineno}")


def _in_templates() -> Iterator[Word]:
    for path in sorted(HOUSE.rglob("templates/**/*.*")):
        text = templatize(path.read_text(), origin=str(path))
        for match in CALL.finditer(text):
            strings = [ast.literal_eval(one) for one in re.findall(STRING, match[2], re.DOTALL)]
            line = text.count("\n", 0, match.start()) + 1
            yield from _words(match[1], strings, f"{path.relative_to(ROOT)}:{line}")


def _words(function: str, strings: list[str | None], where: str) -> Iterator[Word]:
    match (function, *strings):
        case (name, str(text), *_) if name in PLAIN:
            yield Word(where, text)
        case (name, str(text), str(plural), *_) if name in PLURAL:
            yield Word(where, text, plural=plural)
        case (name, str(context), str(text), *_) if name in CONTEXT:
            yield Word(where, text, context)
        case (name, str(context), str(text), str(plural), *_) if name in CONTEXT_PLURAL:
            yield Word(where, text, context, plural)
        case _:
            return


def _constant(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@cache
def chinese() -> Any:
    """Return the catalogue as Django reads it at run time: ours, and those of the libraries we use."""
    with override("zh-hans"):
        return vars(catalog())["_catalog"]


def translation_of(word: Word) -> str | None:
    """Return a string in Chinese, or None when nobody wrote it."""
    key = f"{word.context}\x04{word.text}" if word.context else word.text
    return chinese().get((key, 0) if word.plural else key) or (chinese().get(key) if word.plural else None)


@cache
def entries() -> tuple[tuple[str, polib.POEntry], ...]:
    """Return every entry of our own Chinese catalogues, with the path of its file."""
    files = sorted(HOUSE.rglob("locale/zh_Hans/LC_MESSAGES/*.po"))
    return tuple((str(path.relative_to(ROOT)), entry) for path in files for entry in polib.pofile(str(path)))


def sayings(entry: polib.POEntry) -> list[str]:
    """Return the Chinese of an entry: one text, or one for each plural form."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def scripts() -> Iterator[tuple[str, str]]:
    """Yield our scripts as (name, text), the vendored ones apart."""
    for path in sorted(HOUSE.rglob("static/**/*.js")):
        if "vendor" not in path.parts:
            yield str(path.relative_to(ROOT)), path.read_text()
