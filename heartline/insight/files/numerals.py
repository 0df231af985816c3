"""What a text is as a number: plain, with thousands apart, with a decimal comma, in full width, as a percentage."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# "NA" alone is how statistics programs write a missing answer; "N/A" and its like are an answer: it does not apply to me.
NOT_APPLICABLE = frozenset({"n/a", "not applicable", "does not apply", "n.a.", "不适用", "没用过", "未使用"})
MISSING = NOT_APPLICABLE | {
    *("", "na", "nan", "null", "none", "nil", "missing", "#n/a", "#null!", ".", "-", "–", "—", "--", "?"),
    *("无", "空", "缺失", "未填", "未答", "未回答", "don't know", "dk", "不知道", "不清楚"),
}
THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
DECIMAL_COMMA = re.compile(r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+")


@dataclass(frozen=True)
class Reading:
    """Numbers for each different text, NaN for none, and which texts are neither numbers nor missing."""

    numbers: NDArray[np.float64]
    wrong: tuple[int, ...]


def is_missing(text: str) -> bool:
    """Return whether a text stands for no answer, or for "does not apply"."""
    return text.strip().casefold() in MISSING


def read_numbers(texts: Sequence[str], missing: Collection[str] = ()) -> Reading:
    """Return texts as numbers. A column writes its numbers one way: with a decimal comma when all its commas can be one."""
    plain = [unicodedata.normalize("NFKC", text).strip().replace("\u2212", "-") for text in texts]
    commas = [text for text in plain if "," in text and not is_missing(text)]
    decimal = bool(commas) and all(map(DECIMAL_COMMA.fullmatch, commas)) and not all(map(THOUSANDS.fullmatch, commas))
    numbers = np.full(len(texts), np.nan)
    wrong = []
    for at, text in enumerate(plain):
        if text.casefold() in MISSING or text in missing:
            continue
        number = _number(text, decimal=decimal)
        if number is None:
            wrong.append(at)
        else:
            numbers[at] = number
    if missing:
        gone = [_number(text, decimal=decimal) for text in missing]
        numbers[np.isin(numbers, [number for number in gone if number is not None])] = np.nan
    return Reading(numbers, tuple(wrong))


def _number(text: str, *, decimal: bool) -> float | None:
    percent = text.endswith("%")
    text = text.rstrip("% ") if percent else text
    if decimal and "," in text:
        text = text.replace(".", "").replace(",", ".")
    elif THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    if not np.isfinite(number):
        return None
    return number / 100 if percent else number
