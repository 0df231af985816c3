"""Days as files write them. Where 3/4 may be March or April the whole column decides, and if it cannot, whoever asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from heartline.insight.answers import CannotAnswer
from heartline.insight.answers.words import _

ORDERS = ("ymd", "dmy", "mdy")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.年]?\s*(\d{1,2})[-/.月]?\s*(\d{1,2})日?(?:[T ].*)?$")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4})(?:[T ].*)?$")


def read_days(texts: Sequence[str], *, order: str = "", where: Callable[[int], str]) -> list[date]:
    """Return texts as days; one that is none, or a column that may be read in two ways, is refused by its place."""
    for one in (order,) if order else ORDERS:
        days = [_day(text, one) for text in texts]
        if order and None in days:
            _refuse(texts, days.index(None), where)
        if None not in days:
            if one == "dmy" and not order and all(_day(text, "mdy") for text in texts) and _differ(texts):
                raise CannotAnswer(
                    _("“{text}” may be day and month or month and day: say --dates dmy or --dates mdy").format(
                        text=texts[0]
                    )
                )
            return [day for day in days if day]
    return _refuse(texts, _first_wrong(texts), where)


def _differ(texts: Iterable[str]) -> bool:
    return any(_day(text, "dmy") != _day(text, "mdy") for text in texts)


def _first_wrong(texts: Sequence[str]) -> int:
    """Return the place of a text that no order reads, or else of one that the commonest order does not."""
    nowhere = [i for i, text in enumerate(texts) if not any(_day(text, order) for order in ORDERS)]
    if nowhere:
        return nowhere[0]
    best = max(ORDERS, key=lambda order: sum(_day(text, order) is not None for text in texts))
    return next(i for i, text in enumerate(texts) if _day(text, best) is None)


def _refuse(texts: Sequence[str], i: int, where: Callable[[int], str]) -> list[date]:
    raise CannotAnswer(_("{place}: “{text}” is no day such as 2026-09-30").format(place=where(i), text=texts[i][:40]))


def _day(text: str, order: str) -> date | None:
    found = (_YEAR_FIRST if order == "ymd" else _YEAR_LAST).match(text.strip())
    if not found:
        return None
    parts = dict(zip(order, map(int, found.groups()), strict=True))
    try:
        return date(parts["y"], parts["m"], parts["d"])
    except ValueError:
        return None
