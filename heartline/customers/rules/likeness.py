"""How alike two names are, whatever width, case, order or spacing they were typed in."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from heartline.common.text import fold, has_han

NEAR = 80


def bare(name: str) -> str:
    """Return a name as it is compared: folded, words in order of the alphabet, without marks between them."""
    words = re.split(r"[\W_]+", fold(name))
    return "".join(words) if has_han(name) else " ".join(sorted(word for word in words if word))


def likeness(one: str, other: str) -> int:
    """Return how alike two names are, 0 to 100; a name that is not known is like none."""
    first, second = bare(one), bare(other)
    if not first or not second:
        return 0
    if first == second:
        return 100
    if has_han(first) or has_han(second):
        return _han_likeness(first, second)
    return _shortened(first, second) or round(100 * SequenceMatcher(None, first, second, autojunk=False).ratio())


def _han_likeness(first: str, second: str) -> int:
    """One sign apart in a name of three is near; in a name of two it is another name."""
    if first[:1] != second[:1] or min(len(first), len(second)) < 3:
        return 0
    apart = sum(a != b for a, b in zip(first, second, strict=False)) + abs(len(first) - len(second))
    return 85 if apart == 1 else 0


def _shortened(first: str, second: str) -> int:
    """J Smith is like John Smith: the same words but for first letters."""
    one, other = first.split(), second.split()
    if len(one) != len(other) or len(one) < 2:
        return 0
    same = [a == b or (1 in (len(a), len(b)) and a[:1] == b[:1]) for a, b in zip(one, other, strict=True)]
    return 85 if all(same) and any(len(a) > 1 and a == b for a, b in zip(one, other, strict=True)) else 0
