"""Money as a sentence about a business says it: to the unit, and in 万 and 亿 where Chinese counts so. Pure."""

from __future__ import annotations

from heartline.insight.answers.words import language
from heartline.ui import formats

_TEN_THOUSAND = 10_000
_MOST = 1e15  # more is a slip, and cannot be written in full


def said(amount: float, currency: str, digits: int = 0) -> str:
    """Return an amount in the language that is spoken: ¥5,400,000, 540 万元; without a currency the plain number."""
    if not abs(amount) < _MOST:
        return f"{amount:.3g}"
    amount = round(amount, digits)
    if not currency:
        return formats.number(amount, digits)
    if formats.is_chinese(language()) and abs(amount) >= _TEN_THOUSAND:
        unit = formats.CURRENCIES.get(currency, ("", 2, f" {currency}"))[2]
        return formats.number_short(amount, language=language()) + unit
    if digits == 0:
        return formats.money(amount, currency, language=language()).removesuffix(".00")
    return formats.money(amount, currency, language=language())


def percent(share: float, digits: int = 0) -> str:
    """Return a share as a sentence says it: 67 %, in Chinese 67%."""
    return formats.percent(share, language=language(), decimals=digits)
