"""The little markup that survives e-mail and chat: **bold**, *italic*, lists and links, kept as plain text.

Pure, and the twin of ui/static/ui/markup.js; one file of cases holds both to the same answers. Nothing is stored as
HTML, and what a text is made of says nothing of how it is drawn.
"""

from __future__ import annotations

import re
from typing import Any

# A part is words, ["b", parts], ["i", parts] or ["a", words, address]; a block is [kind, lines] or ["ol", lines, start].
Part = Any
Block = list[Any]

_URL_END = "[^\\s<>\"'，。；！？）]*[^\\s<>\"'，。；！？）.,;:!?)\\]*_]"
_BARE = re.compile(f"(https?://{_URL_END})")
_INLINE = re.compile(
    r"\*\*(?=\S)([^*\n]*[^*\s])\*\*|(?<![A-Za-z0-9_*])([*_])(?=\S)([^*_\n]*[^*_\s])\2(?![A-Za-z0-9_*])"
    rf"|\[([^\[\]\n]+)\]\(((?:https?://|mailto:|tel:)[^\s()]+)\)|(https?://{_URL_END})"
)
_ITEM = re.compile(r"(?:([-•])[ \t]+|([0-9]{1,3})(?:[.)][ \t]+|、[ \t]*))(\S.*)")


def parse(text: str, *, plain: bool = False) -> list[Block]:
    """Return what a text is made of; `plain` knows links alone and is for what customers write."""
    blocks: list[Block] = []
    for line in text.split("\n"):
        item = None if plain else _ITEM.fullmatch(line)
        kind = "p" if item is None else "ul" if item[1] else "ol"
        if not blocks or blocks[-1][0] != kind:
            blocks.append([kind, [], int(item[2])] if item and kind == "ol" else [kind, []])
        blocks[-1][1].append(_inline(item[3] if item else line, plain))
    return blocks


def bare(text: str) -> str:
    """Return a text without its markup, for places that show one line of it."""
    if not any(sign in text for sign in "*_["):
        return text
    return "\n".join("".join(map(_words, parts)) for _kind, lines, *_start in parse(text) for parts in lines)


def _inline(text: str, plain: bool) -> list[Part]:
    parts: list[Part] = []
    at = 0
    for found in (_BARE if plain else _INLINE).finditer(text):
        if found.start() > at:
            parts.append(text[at : found.start()])
        at = found.end()
        parts.append(["a", found[1], found[1]] if plain else _dressed(found))
    return [*parts, text[at:]] if at < len(text) else parts


def _dressed(found: re.Match[str]) -> Part:
    bold, _sign, italic, words, address, link = found.groups()
    if bold or italic:
        return ["b", _inline(bold, False)] if bold else ["i", _inline(italic, False)]
    return ["a", words or link, address or link]


def _words(part: Part) -> str:
    return part if isinstance(part, str) else part[1] if part[0] == "a" else "".join(map(_words, part[1]))
