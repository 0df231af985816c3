"""Whom a question goes to, until when, and what of it an expert sees: pure.

Fair among those who can: skill at the level asked for, room for one more, and reachable now. Of these first who speaks
the language, then who has the fewest questions open, then who was asked longest ago; even then, by a draw that comes out
the same for the same question.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from heartline.common.states import StateMachine, moves
from heartline.common.text import has_han, masked_email, masked_name, masked_phone
from heartline.people.rules import Calendar

CONSULTATION = StateMachine(
    "consultation",
    "asked",
    moves(
        accept=("asked", "accepted"),
        give_on=("asked accepted", "asked"),
        answer=("asked accepted", "answered"),
        withdraw=("asked accepted", "withdrawn"),
        take_over=("asked accepted", "taken_over"),
    ),
)
OPEN = ("asked", "accepted")
MOST_TIMES = 2  # the same question is not brought to the same person more often than this
LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Expert:
    """Somebody who can be asked, as things stand now."""

    person_id: int
    skills: Mapping[int, int]
    languages: frozenset[str]
    asks_me: bool = True
    quiet_until: datetime | None = None
    hours: Calendar | None = None
    open: int = 0
    at_once: int = 3
    last_asked: datetime | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """What a question asks of who answers it. `asked` says how often it was brought to whom; `refused` by whom."""

    skill_id: int | None = None
    level: int = 1
    language: str = ""
    asked: Mapping[int, int] = field(default_factory=dict)
    refused: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who is asked, and why: codes with their values, the weightiest first."""

    person_id: int
    why: tuple[tuple[str, dict[str, int]], ...]


def why_not(expert: Expert, need: Need, now: datetime) -> str:
    """Return why somebody is not asked now, or an empty string when they can be."""
    if need.skill_id is not None and expert.skills.get(need.skill_id, 0) < need.level:
        return "skill"
    if expert.person_id in need.refused or need.asked.get(expert.person_id, 0) >= MOST_TIMES:
        return "asked_before"
    return unreachable(expert, now) or ("full" if expert.open >= expert.at_once else "")


def unreachable(expert: Expert, now: datetime) -> str:
    """Return why somebody cannot be reached at a moment: switched off, quiet for a while, or outside their hours."""
    if not expert.asks_me:
        return "off"
    if expert.quiet_until and expert.quiet_until > now:
        return "quiet"
    return "" if expert.hours is None or expert.hours.is_open(now) else "outside_hours"


def reachable_from(expert: Expert, now: datetime) -> datetime | None:
    """Return from when somebody can be reached, `now` included; None when they do not say."""
    if not expert.asks_me:
        return None
    start = max(now, expert.quiet_until or now)
    return start if expert.hours is None else expert.hours.next_opening(start)


def choose(experts: Iterable[Expert], need: Need, now: datetime, seed: int) -> Chosen | None:
    """Return who is asked: the fairest of those who can answer; None when nobody can now."""
    able = [expert for expert in experts if not why_not(expert, need, now)]
    if not able:
        return None
    best = min(able, key=lambda expert: _order(expert, need, seed))
    return Chosen(best.person_id, _why(best, need, len(able)))


def _order(expert: Expert, need: Need, seed: int) -> tuple[int, bool, int, datetime, bytes]:
    speaks = not need.language or need.language in expert.languages
    draw = hashlib.blake2b(f"{seed}:{expert.person_id}".encode(), digest_size=8).digest()
    asked = need.asked.get(expert.person_id, 0)
    return asked, not speaks, expert.open, expert.last_asked or LONG_AGO, draw


def _why(expert: Expert, need: Need, able: int) -> tuple[tuple[str, dict[str, int]], ...]:
    why: list[tuple[str, dict[str, int]]] = []
    if need.skill_id is not None:
        why.append(("skill", {"level": expert.skills[need.skill_id], "needed": need.level}))
    if need.language:
        why.append(("language" if need.language in expert.languages else "other_language", {}))
    why.append(("load", {"open": expert.open}))
    if able > 1:
        why.append(("longest_since", {"of": able}) if expert.last_asked else ("never_asked", {"of": able}))
    return tuple(why)


def due_time(now: datetime, minutes: int, calendar: Calendar | None) -> datetime:
    """Return when so many minutes of open time have passed; of any time where nothing ever opens."""
    length = timedelta(minutes=minutes)
    return (calendar.add_working(now, length) if calendar else None) or now + length


def warning_time(now: datetime, due_at: datetime, minutes: int) -> datetime:
    """Return when somebody is warned: so many minutes before, but never before half the time has passed."""
    return max(due_at - timedelta(minutes=minutes), now + (due_at - now) / 2)


# What an expert sees of a customer whose cases are not theirs. An address is looked for where a run of its letters begins,
# or a long run without one would be read again from each of its letters. Chinese stands beside a number or a name without
# a space: it is no part of them.
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_LETTER = r"[^\W\u3400-\u9fff\uf900-\ufaff]"
_NUMBER = re.compile(rf"(?<!{_LETTER})(?<!#)\+?\d(?:[\d \-–()（）]{{5,20}})[\dXx](?!{_LETTER})")


def masked_text(text: str, names: Sequence[str] = ()) -> str:
    """Return a text with addresses, long numbers and the customer's names hidden; dates and amounts stay."""
    shown = _EMAIL.sub(lambda found: masked_email(found[0]), text)
    shown = _NUMBER.sub(_hidden, shown)
    for name in _named(names):
        shown = _standing(name).sub(lambda match: masked_name(match[0]), shown)
    return shown


def says_who(text: str, names: Sequence[str] = ()) -> list[str]:
    """Return what in a text may say who somebody is: addresses, long numbers, names."""
    found = [match[0] for match in _EMAIL.finditer(text)]
    found += [match[0] for match in _NUMBER.finditer(text) if _hidden(match) != match[0]]
    return found + [match[0] for name in _named(names) for match in _standing(name).finditer(text)]


def without_who(text: str, names: Sequence[str] = ()) -> str:
    """Return a text with whatever may say who somebody is left out."""
    for found in sorted(set(says_who(text, names)), key=len, reverse=True):
        text = text.replace(found, "…")
    return text


def _named(names: Sequence[str]) -> list[str]:
    """Return names and their parts, the longest first."""
    return sorted({part for name in names for part in _parts(name)}, key=len, reverse=True)


def _standing(name: str) -> re.Pattern[str]:
    """Return where a name stands in a text: as a word, in scripts that have words."""
    word = rf"(?<!{_LETTER}){re.escape(name)}(?!{_LETTER})"
    return re.compile(re.escape(name) if has_han(name) else word, re.IGNORECASE)


def _hidden(found: re.Match[str]) -> str:
    digits = "".join(letter for letter in unicodedata.normalize("NFKC", found[0]) if letter.isdigit())
    is_date = re.fullmatch(r"(?:19|20)\d\d[ \-–]?(?:0?[1-9]|1[0-2])[ \-–]?(?:0?[1-9]|[12]\d|3[01])", found[0])
    return found[0] if len(digits) < 7 or is_date else masked_phone(digits)


def _parts(name: str) -> list[str]:
    """Return a name, and of a name of several words those that are long enough to be one."""
    whole = name.strip()
    return [part for part in (whole, *whole.split()) if len(part) > 1]
