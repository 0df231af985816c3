"""How moments, spans, numbers and money are written in each language.

Pure: language, time zone and now are passed in. The phrases are here rather than in the message catalogue because they are
rules of a language, and because the browser needs the same ones to keep times fresh (see `words`).
A language is a tag such as "en" or "zh-hans"; anything that is not Chinese is written as English.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import phonenumbers

from heartline.common import text

Number = int | float | Decimal

MINUTE, HOUR, DAY = 60, 3600, 86400
NO_BREAK = "\u00a0"
MINUS = "\u2212"
NEARLY = Decimal("0.99995")  # so that 999,990 becomes 1M, not 1,000k

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "just_now": "just now",
        "minutes_ago": "{n} min ago",
        "today": "today {time}",
        "midnight": "midnight",
        "yesterday": "yesterday {time}",
        "tomorrow": "tomorrow {time}",
        "weekday": "{weekday} {time}",
        "this_year": "{weekday} {day} {month}, {time}",
        "other_year": "{day} {month} {year}, {time}",
        "date_this_year": "{weekday} {day} {month}",
        "date_other_year": "{day} {month} {year}",
        "exact": "{weekday} {day} {month} {year}, {time} ({zone})",
        "left": "{span} left",
        "late": "{span} late",
        "seconds": "{n} s",
        "minutes": "{n} min",
        "minutes_alone": "{n} min",
        "hours": "{n} h",
        "days": "{n} d",
        "weekdays": "Mon Tue Wed Thu Fri Sat Sun",
        "months": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    },
    "zh": {
        "just_now": "刚刚",
        "minutes_ago": "{n} 分钟前",
        "today": "今天 {time}",
        "midnight": "24:00",
        "yesterday": "昨天 {time}",
        "tomorrow": "明天 {time}",
        "weekday": "{weekday} {time}",
        "this_year": "{month}月{day}日（{weekday}）{time}",
        "other_year": "{year}年{month}月{day}日 {time}",
        "date_this_year": "{month}月{day}日（{weekday}）",
        "date_other_year": "{year}年{month}月{day}日",
        "exact": "{year}年{month}月{day}日（{weekday}）{time}（{zone}）",
        "left": "还有 {span}",
        "late": "已逾期 {span}",
        "seconds": "{n} 秒",
        "minutes": "{n} 分",
        "minutes_alone": "{n} 分钟",
        "hours": "{n} 小时",
        "days": "{n} 天",
        "weekdays": "周一 周二 周三 周四 周五 周六 周日",
        "months": "1 2 3 4 5 6 7 8 9 10 11 12",
    },
}

# Zones people here speak of by name; the rest are named by their city.
ZONES = {
    "Asia/Shanghai": ("Beijing time", "北京时间"),
    "Asia/Hong_Kong": ("Hong Kong time", "香港时间"),
    "Asia/Singapore": ("Singapore time", "新加坡时间"),
    "Asia/Tokyo": ("Tokyo time", "东京时间"),
    "Europe/London": ("London time", "伦敦时间"),
    "Europe/Berlin": ("Berlin time", "柏林时间"),
    "Europe/Paris": ("Paris time", "巴黎时间"),
    "America/New_York": ("New York time", "纽约时间"),
    "America/Los_Angeles": ("Los Angeles time", "洛杉矶时间"),
    "Australia/Sydney": ("Sydney time", "悉尼时间"),
    "Pacific/Auckland": ("Auckland time", "奥克兰时间"),
    "UTC": ("UTC", "UTC"),
}

# Sign, digits after the point, and the Chinese unit word.
CURRENCIES = {
    "CNY": ("¥", 2, "元"),
    "HKD": ("HK$", 2, "港元"),
    "USD": ("$", 2, "美元"),
    "EUR": ("€", 2, "欧元"),
    "GBP": ("£", 2, "英镑"),
    "JPY": ("JP¥", 0, "日元"),
    "AUD": ("A$", 2, "澳元"),
    "NZD": ("NZ$", 2, "新西兰元"),
    "SGD": ("S$", 2, "新加坡元"),
}


def words(language: str) -> dict[str, str]:
    """Return the phrases of a language, as the browser's clock needs them too."""
    return WORDS["zh" if is_chinese(language) else "en"]


def is_chinese(language: str) -> bool:
    """Return whether a language tag means Chinese."""
    return language.lower().split("-")[0].split("_")[0] == "zh"


def language_tag(language: str) -> str:
    """Return a language as the lang attribute wants it: zh-Hans, en."""
    return "zh-Hans" if is_chinese(language) else language.replace("_", "-") or "en"


def language_of(content: str) -> str:
    """Return the lang of a piece of content by its script: Chinese when it holds a Chinese character."""
    return "zh-Hans" if text.has_han(content) else "en"


# Moments


def moment(when: datetime, *, language: str, zone: str, now: datetime) -> str:
    """Return when something was or will be, as one says it: 3 min ago, yesterday 09:02, Thu 26 Nov, 12:00."""
    seconds = (now - when).total_seconds()
    phrases = words(language)
    if 0 <= seconds < MINUTE:
        return phrases["just_now"]
    if MINUTE <= seconds < HOUR:
        return phrases["minutes_ago"].format(n=int(seconds // MINUTE))
    return day_and_time(when, language=language, zone=zone, now=now)


def day_and_time(when: datetime, *, language: str, zone: str, now: datetime) -> str:
    """Return the day and the clock time, never a mere distance: fit for promises."""
    here, today = when.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    return words(language)[_day_phrase(here.date(), today)].format(**_parts(here, language))


def time_or_day(when: datetime, *, language: str, zone: str, now: datetime) -> str:
    """Return the clock time of today, else the day with it: fit to follow "until", "by" and "from"."""
    here, today = when.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if here.date() == today:
        return str(_parts(here, language)["time"])
    if here.time() == time() and here.date() - today == timedelta(days=1):
        return words(language)["midnight"]
    return day_and_time(when, language=language, zone=zone, now=now)


def calendar_day(day: date, *, language: str, today: date) -> str:
    """Return a date alone, with its weekday in this year and its year in another."""
    phrase = "date_this_year" if day.year == today.year else "date_other_year"
    return words(language)[phrase].format(**_parts(datetime.combine(day, time(), UTC), language))


def exact(when: datetime, *, language: str, zone: str) -> str:
    """Return the full date and time with its zone, for whoever asks for more."""
    here = when.astimezone(ZoneInfo(zone))
    return words(language)["exact"].format(**_parts(here, language), zone=zone_name(zone, language))


def zone_name(zone: str, language: str) -> str:
    """Return what people call a time zone: Beijing time, 北京时间."""
    if zone in ZONES:
        return ZONES[zone][is_chinese(language)]
    city = zone.rsplit("/", 1)[-1].replace("_", " ")
    return f"{city} 时间" if is_chinese(language) else f"{city} time"


def _day_phrase(day: date, today: date) -> str:
    near = {0: "today", -1: "yesterday", 1: "tomorrow"}.get((day - today).days)
    if near:
        return near
    if day - timedelta(days=day.weekday()) == today - timedelta(days=today.weekday()):
        return "weekday"
    return "this_year" if day.year == today.year else "other_year"


def _parts(here: datetime, language: str) -> dict[str, str | int]:
    phrases = words(language)
    return {
        "year": here.year,
        "month": phrases["months"].split()[here.month - 1],
        "day": here.day,
        "weekday": phrases["weekdays"].split()[here.weekday()],
        "time": f"{here:%H:%M}",
    }


# Spans


def span_of(seconds: Number, *, language: str) -> str:
    """Return how long something lasts in at most two units: 3 min 20 s, 3 分 20 秒."""
    total = max(0, round(seconds))
    units = (
        ("days", total // DAY),
        ("hours", total % DAY // HOUR),
        ("minutes", total % HOUR // MINUTE),
        ("seconds", total % MINUTE),
    )
    first = next((place for place, (_, n) in enumerate(units) if n), 3)
    shown = [(name, n) for name, n in units[first : first + 2] if n] or [units[3]]
    if len(shown) == 1 and shown[0][0] == "minutes":  # 3 分 20 秒, but three minutes and no more are 3 分钟
        return words(language)["minutes_alone"].format(n=shown[0][1])
    return " ".join(words(language)[name].format(n=n) for name, n in shown)


def clock_span(seconds: Number) -> str:
    """Return a running clock: 3:20, 1:05:20."""
    total = max(0, int(seconds))
    hours, rest = divmod(total, HOUR)
    return f"{hours}:{rest // MINUTE:02}:{rest % MINUTE:02}" if hours else f"{rest // MINUTE}:{rest % MINUTE:02}"


def remaining(due: datetime, *, language: str, now: datetime) -> str:
    """Return how long until `due`, or how late it is, in whole minutes once it is over one."""
    seconds = (due - now).total_seconds()
    size = abs(seconds)
    span = span_of(size if size < MINUTE else size // MINUTE * MINUTE, language=language)
    return words(language)["left" if seconds >= 0 else "late"].format(span=span)


# Numbers


def number(value: Number, decimals: int = 0) -> str:
    """Return a number in full with thousands marked: 12,345."""
    return _signed(_rounded(value, decimals))


def number_short(value: Number, *, language: str) -> str:
    """Return a number short enough for a heading: 12k and 340M, or 1.2 万 and 3.4 亿; in full under 10,000."""
    size = abs(Decimal(str(value)))
    if size < 10**4:
        return number(value)
    steps = ((10**8, " 亿"), (10**4, " 万")) if is_chinese(language) else ((10**9, "B"), (10**6, "M"), (10**3, "k"))
    step, unit = next((step, unit) for step, unit in steps if size >= step * NEARLY)
    return _without_zero(Decimal(str(value)) / step) + unit


def percent(share: Number, *, language: str, decimals: int = 0) -> str:
    """Return a share of one as a percentage: 86 %, in Chinese 86%."""
    gap = "" if is_chinese(language) else NO_BREAK
    return f"{_signed(_rounded(Decimal(str(share)) * 100, decimals))}{gap}%"


def money(amount: Number, currency: str, *, language: str) -> str:
    """Return an amount as a sentence says it: 1,234.50 元, ¥1,234.50; whole amounts without .00."""
    sign, digits, unit = CURRENCIES.get(currency, (f"{currency} ", 2, currency))
    value = _rounded(amount, digits)
    shown = _signed(value.quantize(Decimal(1)) if value == value.to_integral_value() else value)
    return f"{shown} {unit}" if is_chinese(language) else _with_sign(shown, sign)


def money_column(amount: Number, currency: str) -> str:
    """Return an amount as a table holds it, the same in both languages: ¥1,234.50, −¥20.00."""
    sign, digits, _ = CURRENCIES.get(currency, (f"{currency} ", 2, currency))
    return _with_sign(_signed(_rounded(amount, digits)), sign)


def _rounded(value: Number, decimals: int) -> Decimal:
    return Decimal(str(value)).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def _signed(value: Decimal) -> str:
    return f"{value:,}".replace("-", MINUS)


def _with_sign(shown: str, sign: str) -> str:
    return f"{MINUS}{sign}{shown[1:]}" if shown.startswith(MINUS) else sign + shown


def _without_zero(value: Decimal) -> str:
    return _signed(_rounded(value, 1)).removesuffix(".0")


# People's data


def masked(value: str, kind: str) -> str:
    """Return personal data with its middle hidden, by kind: phone, email, name, card or id."""
    if not value:
        return ""
    if kind == "phone":
        return text.masked_phone(value.removeprefix("+86"))
    if kind == "card":
        return f"**** {value[-4:]}"
    if kind == "id":
        return value[:3] + "*" * max(0, len(value) - 7) + value[-4:]
    return {"email": text.masked_email, "name": text.masked_name}[kind](value)


def phone(value: str) -> str:
    """Return a phone number as it is read aloud: 138 0013 8000, 010-8888 6666, 400-555-0142, +44 7700 900123.

    A Chinese number is shown the way it is dialled at home; one that cannot be read is left as it was written.
    """
    digits = "".join(character for character in value if character.isdigit())
    if len(digits) == 10 and digits[:3] in {"400", "800"} and not value.startswith("+"):
        return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"
    try:
        parsed = phonenumbers.parse(value, "CN")
    except phonenumbers.NumberParseException:
        return value
    if not phonenumbers.is_possible_number(parsed):
        return value
    if parsed.country_code != 86:
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    home = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return home.replace(" ", "-", 1) if home.startswith("0") else home
