"""One row of a file, read as a customer: what each cell means, and what is wrong with those that mean nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from heartline.common.text import clean, fold
from heartline.customers.rules.values import read_date, read_value

ADDRESSES = ("external", "email", "phone")
LIMITS = {"name": 200, "form_of_address": 60, "place": 120, "about": 4000, "organisation": 200}
TIERS = {
    "top": "top 顶端 vip platinum 白金",
    "big": "big high gold 高端 金卡 大客户",
    "medium": "medium middle mid silver 中端 银卡",
    "small": "small low regular standard 低端 普通",
    "inactive": "inactive dormant 不活跃 休眠",
    "prospect": "prospect lead potential 潜在 线索",
}
LANGUAGES = {
    "en": "en english en-gb en-us en_us en_gb 英文 英语",
    "zh-hans": "zh chinese zh-cn zh_cn zh-hans zh_hans mandarin 中文 汉语 简体中文 普通话",
}
_TIER_OF = {word: tier for tier, words in TIERS.items() for word in words.split()}
_LANGUAGE_OF = {word: language for language, words in LANGUAGES.items() for word in words.split()}


@dataclass(frozen=True)
class Asked:
    """What a file may say of an attribute."""

    kind: str
    choices: Sequence[str] = ()


@dataclass
class Row:
    """What a row says. `problem` is the first reason why it cannot be taken, `column` where."""

    texts: dict[str, str] = field(default_factory=dict)
    since: date | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    addresses: list[tuple[str, str]] = field(default_factory=list)
    problem: str = ""
    column: int | None = None


class Wrong(ValueError):
    """A cell that cannot be read; its message is the reason's code."""


def read_row(cells: Sequence[str], mapping: Mapping[str, str], attributes: Mapping[str, Asked]) -> Row:
    """Return a row as far as it can be read."""
    row = Row()
    for place, meaning in sorted(mapping.items(), key=lambda pair: int(pair[0])):
        raw = clean(cells[int(place)], 4000) if int(place) < len(cells) else ""
        if raw:
            try:
                _put(row, meaning, raw, attributes)
            except ValueError as error:
                row.problem, row.column = row.problem or str(error), int(place)
                return row
    if not row.addresses:
        row.problem = "no_address"
    return row


def is_complete(mapping: Mapping[str, str]) -> bool:
    """Return whether a mapping names an address: without one, the same file twice would add everybody twice."""
    return any(meaning in ADDRESSES for meaning in mapping.values())


def _put(row: Row, meaning: str, raw: str, attributes: Mapping[str, Asked]) -> None:
    if meaning in ADDRESSES:
        row.addresses.append((meaning, raw))
    elif meaning in LIMITS:
        row.texts[meaning] = raw[: LIMITS[meaning]]
    elif meaning == "customer_since":
        row.since = read_date(raw)
    elif meaning == "tier":
        row.texts["tier"] = _word(raw, _TIER_OF, "tier")
    elif meaning == "language":
        row.texts["language"] = _word(raw, _LANGUAGE_OF, "language")
    elif meaning.startswith("attribute:"):
        key = meaning.removeprefix("attribute:")
        if key in attributes:
            row.attributes[key] = read_value(attributes[key].kind, raw, attributes[key].choices)


def _word(raw: str, known: Mapping[str, str], code: str) -> str:
    found = known.get(fold(raw))
    if found is None:
        raise Wrong(code)
    return found
