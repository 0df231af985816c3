"""Who stayed, by what became of their problem: what customers did, in place of what they said they would do."""

from __future__ import annotations

from heartline.common.text import fold
from heartline.insight.answers import CannotAnswer, refuse_unknown
from heartline.insight.answers.words import _
from heartline.insight.either import is_yes
from heartline.insight.files import Frame

OUTCOME, STAYED, CUSTOMERS = "outcome", "stayed", "customers"
# What files call the groups, beside the keys of the model.
_CALLED = {
    "no_problem": ("no_problem", "no problem", "none", "没有问题", "没遇到问题", "无问题"),
    "satisfied": ("satisfied", "满意", "投诉后满意", "完全满意"),
    "mollified": ("mollified", "基本满意", "投诉后基本满意"),
    "dissatisfied": ("dissatisfied", "不满意", "投诉后不满意"),
    "silent": ("silent", "never complained", "没有投诉", "未投诉"),
}
_GROUPS = {name: group for group, names in _CALLED.items() for name in names}


def observed(frame: Frame) -> dict[str, tuple[int, int]]:
    """Return outcome → (stayed, of how many) from a row for each customer, or from counts with a column `customers`."""
    frame.require(OUTCOME, STAYED)
    groups = [_group(text) for text in frame.texts(OUTCOME)]
    counts = _counted(frame) if CUSTOMERS in frame.names else _one_by_one(frame)
    found: dict[str, tuple[int, int]] = {}
    for group, (stayed, n) in zip(groups, counts, strict=True):
        before = found.get(group, (0, 0))
        found[group] = before[0] + stayed, before[1] + n
    if not found or any(n == 0 for _stayed, n in found.values()):
        raise CannotAnswer(_("{file} has no customers in it").format(file=frame.source))
    return found


def _group(text: str) -> str:
    said = fold(text)
    refuse_unknown(_("outcome"), [said], _GROUPS)
    return _GROUPS[said]


def _one_by_one(frame: Frame) -> list[tuple[int, int]]:
    found = []
    for row, text in enumerate(frame.texts(STAYED)):
        stayed = is_yes(text)
        if stayed is None:
            raise CannotAnswer(_("Line {line}: “{text}” is neither yes nor no").format(line=frame.line(row), text=text))
        found.append((int(stayed), 1))
    return found


def _counted(frame: Frame) -> list[tuple[int, int]]:
    found = []
    for row, (stayed, n) in enumerate(
        zip(frame.numbers(STAYED).tolist(), frame.numbers(CUSTOMERS).tolist(), strict=True)
    ):
        if not (0 <= stayed <= n and float(stayed).is_integer() and float(n).is_integer()):
            raise CannotAnswer(
                _("Line {line}: stayed and customers are whole numbers, and no more stay than there are").format(
                    line=frame.line(row)
                )
            )
        found.append((int(stayed), int(n)))
    return found
