"""Yes or no, as files of two languages write it. Pure."""

from __future__ import annotations

from heartline.common.text import fold

YES = frozenset("1 1.0 yes y true t x ✓ 是 有 真 对".split())
NO = frozenset("0 0.0 no n false f 否 无 没有 假 不是".split())


def is_yes(text: str) -> bool | None:
    """Return whether a cell says yes, or None when it says neither yes nor no."""
    said = fold(text.strip())
    if said in YES:
        return True
    return False if said in NO else None
