"""The stage on which the sample company is played: what happens when, and who is free to do it.

A story is a generator that yields the time at which it wants to go on; stories are woken in the order of time, so the
ledger is written in the order in which things happened, whatever the number of conversations that run side by side.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import TypeVar

from heartline.common.actors import Actor
from heartline.config.sample.company import Company
from heartline.conversations.models import Contact
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Person, PresenceState
from heartline.people.rules import Calendar

Result = TypeVar("Result")
# What a story asks for is the time of its next step; some hand a result back to the story they are part of.
Part = Generator[datetime, None, Result]
Story = Part[None]
DAYS = 5
STAYS_OPEN = timedelta(minutes=30)


@dataclass
class Stage:
    """The company at play. `end` is the moment of loading: nothing happens after it."""

    company: Company
    end: datetime
    fence: int
    rng: Random
    in_hand: Counter[tuple[str, str]] = field(default_factory=Counter)
    here: set[str] = field(default_factory=set)
    last_offered: dict[str, datetime] = field(default_factory=dict)
    keys: int = 0
    known: dict[str, Able] = field(default_factory=dict)

    def key(self) -> str:
        """Return a message key that no other message has."""
        self.keys += 1
        return f"sample-{self.keys:05}"

    def by(self, who: str) -> Actor:
        """Return the actor for one of the people."""
        return actor_for(self.company.people[who])

    def person(self, who: str) -> Person:
        """Return one of the people."""
        return self.company.people[who]

    def seconds(self, least: float, most: float) -> timedelta:
        """Return a span between two numbers of seconds, short ones more often."""
        return timedelta(seconds=round(self.rng.triangular(least, most, least + (most - least) / 4)))

    def free_for(self, contact: Contact) -> str | None:
        """Return who should be offered a contact: serves its queue and language, has room, waits longest."""
        suited = [who for who in sorted(self.here) if self._suits(who, contact)]
        return min(
            suited,
            key=lambda who: self.last_offered.get(who, datetime.min.replace(tzinfo=self.end.tzinfo)),
            default=None,
        )

    def take(self, who: str, contact: Contact) -> None:
        """Note that somebody has one more in hand."""
        self.in_hand[who, contact.channel] += 1

    def let_go(self, who: str, contact: Contact) -> None:
        """Note that somebody has one less in hand."""
        self.in_hand[who, contact.channel] -= 1

    def _suits(self, who: str, contact: Contact) -> bool:
        abilities = self._abilities(who)
        room = abilities.limits.get(contact.channel, 0) > self.in_hand[who, contact.channel]
        return room and contact.queue_id in abilities.queues and contact.language in abilities.languages

    def _abilities(self, who: str) -> Able:
        if who not in self.known:
            person = self.company.people[who]
            self.known[who] = Able(
                frozenset(person.languages.values_list("language", flat=True)),
                dict(person.capacities.values_list("channel", "limit")),
                frozenset(person.teams.values_list("queues", flat=True)),
            )
        return self.known[who]


@dataclass(frozen=True)
class Able:
    """What somebody can take."""

    languages: frozenset[str]
    limits: dict[str, int]
    queues: frozenset[int | None]


def play(stories: Iterable[Story], end: datetime) -> None:
    """Wake stories in the order of the times they ask for, up to the end."""
    waiting = [(next(story), place, story) for place, story in enumerate(stories)]
    heapq.heapify(waiting)
    while waiting:
        at, place, story = heapq.heappop(waiting)
        if at > end:
            raise AssertionError("a story of the sample company runs past its end")
        later = next(story, None)
        if later is not None:
            heapq.heappush(waiting, (max(later, at), place, story))


def workday(stage: Stage, who: str, start: datetime, stop: datetime) -> Story:
    """One person's day: there, gone, and lately also at lunch; cut off where the present begins."""
    person, lunch = stage.person(who), start + (stop - start) / 2
    meal = [
        (lunch, PresenceState.BREAK, "meal"),
        (lunch + timedelta(minutes=30), PresenceState.AVAILABLE, ""),
    ]
    lately = stop > stage.end - timedelta(days=1)
    moves = [(start, PresenceState.AVAILABLE, ""), *(meal if lately else []), (stop, PresenceState.OFFLINE, "")]
    for at, state, reason in moves:
        over = at >= stage.end
        yield min(at, stage.end)
        present = state == PresenceState.AVAILABLE and not over
        (stage.here.add if present else stage.here.discard)(who)
        if over:
            set_presence(person, PresenceState.OFFLINE, by=actor_for(person), now=stage.end)
            return
        set_presence(person, state, reason=reason, by=actor_for(person), now=at)


def open_moments(calendar: Calendar, start: datetime, end: datetime) -> list[datetime]:
    """Return the moments, five minutes apart, at which a brand was open and stayed so for a while."""
    count = int((end - start) / timedelta(minutes=5))
    moments = (start + timedelta(minutes=5 * step) for step in range(count))
    return [moment for moment in moments if calendar.is_open(moment) and calendar.is_open(moment + STAYS_OPEN)]
