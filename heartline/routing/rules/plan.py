"""The routing plan: everything about the order, the steps and the choice that a house may decide for itself.

A plan is data. Whoever has none lives by `DEFAULT`. Each number is in seconds unless it says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from heartline.people.rules import Calendar

Wish = Literal["must", "prefer", "any"]
Kept = Literal["", "last", "owner"]
Choice = Literal["longest_without", "least_loaded", "most_proficient"]
Levels = tuple[tuple[str, int], ...]

# A tier is worth a minute of waiting a step. Genesys counts one point of priority as a minute; three of them
# let a good customer pass the queue of a calm minute, not of a busy quarter of an hour.
TIERS = {"top": 180, "big": 120, "medium": 60}


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What a contact counts for beside its wait; each part has its most, so that ageing always wins in the end.

    A message is answered within hours (a brand's default is four), a customer in front of the screen leaves within
    minutes: `live` puts them an hour ahead, and a message that has waited that hour longer goes first.
    Every earlier contact about a matter is a minute we owe. Past the time we named, every second counts twice,
    for half an hour: a broken word is not made whole by more of it.
    """

    live: int = 3600
    tiers: Mapping[str, int] = field(default_factory=lambda: dict(TIERS))
    repeat: int = 60
    repeat_at_most: int = 180
    handed_over: int = 120
    complaint: int = 300
    broken_promise: int = 300
    vulnerable: int = 180
    overdue_at_most: int = 1800
    raised_at_most: int = 3600

    @property
    def most_ahead(self) -> int:
        """Who asked this much earlier than somebody else is ahead of them, whatever they are."""
        need = self.repeat_at_most + self.handed_over + self.complaint + self.broken_promise + self.vulnerable
        value = max(self.tiers.values(), default=0)
        return self.live + value + need + self.overdue_at_most + self.raised_at_most


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """How much people carry, and how they are asked.

    Besides the limit of each channel, everything in hand may weigh at most `load` units (0: any). What is in hand of
    one channel does not count against what comes in of another where the pair stands in `interrupts`.
    `turns_by_load` lets somebody who carries twice as much be asked twice as often.
    """

    named_for: int = 60
    not_again_for: int = 120
    load: int = 0
    turns_by_load: bool = False
    weights: Mapping[str, int] = field(default_factory=dict)
    interrupts: frozenset[tuple[str, str]] = frozenset()

    def weight(self, channel: str) -> int:
        """Return how many units one contact of a channel weighs."""
        return self.weights.get(channel, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What the customer is told once a step is reached, in each language, and whether a callback is offered."""

    en: str = ""
    zh: str = ""
    offer_callback: bool = False

    def text_in(self, language: str) -> str:
        """Return what is said in a language; nothing said in it is said in the other."""
        return (self.zh or self.en) if language.startswith("zh") else (self.en or self.zh)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who may take a contact until it is `until` seconds old; the last step has no end, and nothing comes after it."""

    until: int | None = None
    keep_for: Kept = ""
    asked: Wish = "must"
    skills: Levels = ()
    wishes: Levels = ()
    language: Wish = "must"
    anywhere: bool = False
    teams: tuple[int, ...] = ()
    sites: tuple[int, ...] = ()
    open_sites_only: bool = False
    experts: bool = False
    telling: Telling = Telling()


@dataclass(frozen=True, slots=True, kw_only=True)
class Borrow:
    """When people of another queue help here, and when they are let go again.

    They come once somebody has waited `start` seconds here and go when nobody has waited `stop`; and only while the
    lender is well: nobody there has waited longer than `lender_wait`, and `lender_free` of its people are free.
    """

    lender: int
    start: int = 120
    stop: int = 30
    lender_wait: int = 30
    lender_free: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePlan:
    """How the contacts of a queue find their person.

    `reserved` of the people who serve it are kept free from other queues' work, from each contact for at most
    `reserved_for` seconds of its age.
    """

    steps: tuple[Step, ...] = (Step(),)
    choose: Choice = "longest_without"
    known_first: bool = True
    most_per_person: int = 0
    reserved: int = 0
    reserved_for: int = 900
    borrow: tuple[Borrow, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """How often somebody is rung who could not be reached, and how long after: the last attempt is number `attempts`.

    Who did not answer may be back from a meeting after twenty minutes; who has not called by then is left two hours.
    """

    attempts: int = 3
    first_gap: int = 1200
    later_gap: int = 7200
    engaged_gap: int = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One version of everything above. `sites` are the hours of places; a site that is not there is always open."""

    number: int = 0
    seed: int = 0
    order: Order = Order()
    people: People = People()
    calls: Calls = Calls()
    sites: Mapping[int, Calendar] = field(default_factory=dict)
    everywhere: QueuePlan = QueuePlan()
    queues: Mapping[int, QueuePlan] = field(default_factory=dict)

    def of(self, queue_id: int) -> QueuePlan:
        """Return how a queue works: its own way, or everybody's."""
        return self.queues.get(queue_id, self.everywhere)

    @property
    def ways(self) -> tuple[QueuePlan, ...]:
        """Every way in which a queue works."""
        return (self.everywhere, *self.queues.values())

    @property
    def reaches_beyond(self) -> bool:
        """Whether anybody may serve a queue who does not belong to it."""
        return any(
            way.borrow or any(step.anywhere or step.teams or step.experts for step in way.steps) for way in self.ways
        )

    @property
    def asks_experts(self) -> bool:
        """Whether a step lets experts outside the centre serve."""
        return any(step.experts for way in self.ways for step in way.steps)

    @property
    def keeps_for_last(self) -> bool:
        """Whether a step keeps contacts for whoever helped last."""
        return any(step.keep_for == "last" for way in self.ways for step in way.steps)


DEFAULT = Plan()
