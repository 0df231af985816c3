"""What the front hall works out: what somebody may mean, when we can be reached, which numbers we call. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import PhoneNumberType

from heartline.common.text import fold, has_han
from heartline.people.rules import Calendar, write_spans

# What somebody typed

SHOWN = 3
ENOUGH = 1.0
# Characters that stand in every second question and tell nothing about it.
_EMPTY_HAN = frozenset("的了我你您是有没不要想请问怎么能可以吗呢吧在个这那什啊和给把被就都也很到")
_EMPTY_WORDS = frozenset(
    "a an and are can cannot did do does for from get had has have how i in is it me my not of on or our please that "
    "the this to was we what when where who why will with you your".split()
)


def matching(want: str, reasons: Mapping[str, str], *, but_not: Iterable[str] = ()) -> list[str]:
    """Return the keys of the reasons that best fit what somebody typed, the best first, none that was tried."""
    typed = pieces(want)
    scores = {key: likeness(typed, pieces(words)) for key, words in reasons.items() if key not in set(but_not)}
    fitting = [key for key, score in scores.items() if score >= ENOUGH]
    return sorted(fitting, key=lambda key: (-scores[key], list(reasons).index(key)))[:SHOWN]


def pieces(text: str) -> dict[str, float]:
    """Return what a text is made of with its weight: pairs of Chinese characters, single ones, and words."""
    folded = fold(text)
    found: dict[str, float] = {}
    for word in "".join(c if c.isalnum() else " " for c in folded).split():
        for is_han, run in groupby(word, has_han):
            letters = "".join(run)
            found |= _han_pieces(letters) if is_han else _word_piece(letters)
    return found


def likeness(typed: Mapping[str, float], known: Mapping[str, float]) -> float:
    """Return how much of what was typed is in what is known."""
    shared = sum(weight for piece, weight in typed.items() if piece in known)
    words = [word for word in known if not has_han(word)]
    return shared + sum(1.0 for word in typed if word not in known and any(_same_stem(word, other) for other in words))


def _han_pieces(run: str) -> dict[str, float]:
    single = {c: 0.5 for c in run if c not in _EMPTY_HAN}
    pairs = {run[i : i + 2]: 1.0 for i in range(len(run) - 1) if not set(run[i : i + 2]) <= _EMPTY_HAN}
    return single | pairs


def _word_piece(word: str) -> dict[str, float]:
    return {} if word in _EMPTY_WORDS or len(word) < 2 else {word: 1.0}


def _same_stem(one: str, other: str) -> bool:
    """Whether two words begin alike for most of the shorter one: install, installer, installation."""
    shorter = min(len(one), len(other))
    common = next((i for i in range(shorter) if one[i] != other[i]), shorter)
    return common >= 4 and common >= 0.7 * shorter


# Hours


@dataclass(frozen=True)
class Opening:
    """Whether we can be reached now, until when, or from when. None: never closes, or never opens."""

    is_open: bool
    until: datetime | None
    opens_at: datetime | None


def opening(calendar: Calendar, now: datetime) -> Opening:
    """Return how a calendar stands at a moment; spans that touch are one."""
    opens_at = calendar.next_opening(now)
    if opens_at is None:
        return Opening(False, None, None)
    until: datetime | None = calendar.closing_after(opens_at)
    while until is not None and calendar.is_open(until):
        until = calendar.closing_after(until) if until - opens_at < timedelta(days=7) else None
    return Opening(opens_at <= now, until, None if opens_at <= now else opens_at)


@dataclass(frozen=True)
class DayHours:
    """Weekdays that follow each other (0 = Monday) and keep the same hours; no hours means closed."""

    first: int
    last: int
    hours: str


def week_of(spans: Iterable[tuple[int, time, time]]) -> list[DayHours]:
    """Return a week's hours with equal neighbours put together."""
    by_day: list[list[tuple[time, time]]] = [[] for _ in range(7)]
    for weekday, opens, closes in spans:
        by_day[weekday].append((opens, closes))
    written = [write_spans(day) for day in by_day]
    lines = []
    for hours, days in groupby(range(7), key=lambda day: written[day]):
        group = list(days)
        lines.append(DayHours(group[0], group[-1], hours))
    return lines


# Callbacks

SLOT = timedelta(minutes=30)
SLOT_DAYS = 3
NOTICE = timedelta(minutes=15)
# Numbers that cost whoever calls them, or that no person answers.
_COSTLY = frozenset(
    {
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PAGER,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.UNKNOWN,
    }
)


def slots(calendar: Calendar, now: datetime) -> list[datetime]:
    """Return the times somebody may choose to be called at: half hours within hours, on the next open days."""
    found: list[datetime] = []
    at = calendar.next_opening(now + NOTICE)
    days: set[object] = set()
    while at is not None:
        days.add(at.astimezone(ZoneInfo(calendar.time_zone)).date())
        if len(days) > SLOT_DAYS:
            break
        at = _round_up(at, calendar.time_zone)
        if calendar.is_open(at):
            found.append(at)
        at = calendar.next_opening(at + SLOT)
    return found


def soonest_promise(calendar: Calendar, now: datetime, *, within: timedelta = timedelta(hours=1)) -> datetime:
    """Return by when we call somebody who wants to be called as soon as possible, in hours of service."""
    return calendar.add_working(now, within) or now + timedelta(days=1)


def home_country(phone: str) -> str:
    """Return the country a brand's own number belongs to; a number without one is Chinese."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(phone, "CN")) or "CN"
    except phonenumbers.NumberParseException:
        return "CN"


def why_not_call(number: str, countries: Iterable[str]) -> str:
    """Return why we do not call a number in E.164 (invalid, country, costly), or an empty string when we do."""
    parsed = phonenumbers.parse(number)
    if not phonenumbers.is_valid_number(parsed):
        return "invalid"
    if phonenumbers.region_code_for_number(parsed) not in set(countries):
        return "country"
    return "costly" if phonenumbers.number_type(parsed) in _COSTLY else ""


def number_prefix(number: str) -> str:
    """Return the part of a number that a block of bought numbers shares."""
    return number[:-4]


def _round_up(moment: datetime, time_zone: str) -> datetime:
    """Return the next full slot by the clock on the wall there."""
    local = moment.astimezone(ZoneInfo(time_zone))
    past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    return moment if not past else moment + SLOT - past
