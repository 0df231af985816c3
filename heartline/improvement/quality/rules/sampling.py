"""Which contacts are looked at, and by whom: drawn by lot from a seed, so that anybody can draw the same again.

The lot of a contact is a hash of the seed and its number. Whoever knows the seed can check that nobody chose, and a
contact that is added or left out changes nothing about the lots of the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

RANDOM, LOW_RATING, LONGEST, NEW_PEOPLE = "random", "low_rating", "longest", "new_people"


@dataclass(frozen=True)
class Candidate:
    """An ended contact that may be drawn; `since_joining` is how many whole weeks its agent had been here."""

    contact_id: int
    person_id: int
    week: str
    seconds: int = 0
    rating: int | None = None
    since_joining: int = 0


@dataclass(frozen=True)
class Rule:
    """How a sample is drawn. `count` is for each person and week, or in all for the lowest ratings and the longest."""

    kind: str
    count: int
    rating_up_to: int = 2
    first_weeks: int = 8


@dataclass(frozen=True)
class Drawn:
    """What was drawn, in the order of the lots, and from how many it was drawn."""

    contact_ids: tuple[int, ...]
    drawn_from: int


def lot(seed: str, number: int) -> str:
    """Return the lot of a thing: the same for ever for a seed and a number, and no pattern from one to the next."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def draw(candidates: Iterable[Candidate], rule: Rule, seed: str) -> Drawn:
    """Return the sample that a rule and a seed give."""
    fitting = [one for one in candidates if _fits(one, rule)]
    order: Callable[[Candidate], tuple[int, str]] = {
        LOW_RATING: lambda one: (one.rating or 0, lot(seed, one.contact_id)),
        LONGEST: lambda one: (-one.seconds, lot(seed, one.contact_id)),
    }.get(rule.kind, lambda one: (0, lot(seed, one.contact_id)))
    ordered = sorted(fitting, key=order)
    in_all = rule.kind in (LOW_RATING, LONGEST)
    picked = ordered[: rule.count] if in_all else _few_of_each(ordered, rule.count)
    return Drawn(tuple(one.contact_id for one in picked), len(fitting))


def _fits(one: Candidate, rule: Rule) -> bool:
    if rule.kind == LOW_RATING:
        return one.rating is not None and one.rating <= rule.rating_up_to
    return rule.kind != NEW_PEOPLE or one.since_joining < rule.first_weeks


def _few_of_each(ordered: Sequence[Candidate], count: int) -> list[Candidate]:
    taken: dict[tuple[int, str], int] = {}
    picked = []
    for one in ordered:
        group = (one.person_id, one.week)
        if taken.get(group, 0) < count:
            taken[group] = taken.get(group, 0) + 1
            picked.append(one)
    return picked


@dataclass(frozen=True)
class Dealt:
    """Who scores a contact: the first counts, the second is compared with it. Nobody when all had a hand in it."""

    contact_id: int
    first: int | None
    second: int | None


def deal(
    contact_ids: Sequence[int],
    evaluators: Iterable[int],
    hands_in: Mapping[int, AbstractSet[int]],
    double_percent: int,
    seed: str,
) -> list[Dealt]:
    """Share contacts out evenly; nobody gets one they had a hand in, and a share of them goes to two people.

    `hands_in` says who had a hand in a contact. The share is rounded up, so that a small sample has its check too.
    """
    people = sorted(set(evaluators))
    twice = -(-len(contact_ids) * double_percent // 100)
    doubled = set(sorted(contact_ids, key=lambda number: lot(f"{seed}:two", number))[:twice])
    load = dict.fromkeys(people, 0)
    dealt = []
    for number in contact_ids:
        free = [one for one in people if one not in hands_in.get(number, ())]
        order = sorted((load[one], lot(f"{seed}:{number}", one), one) for one in free)
        chosen = [one for _load, _lot, one in order[: 2 if number in doubled else 1]]
        for one in chosen:
            load[one] += 1
        first, second = [*chosen, None, None][:2]
        dealt.append(Dealt(number, first, second))
    return dealt
