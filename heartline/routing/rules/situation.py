"""What the router knows: work that waits, and the people who could take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from heartline.routing.rules.plan import People

# Why something was decided: a code, and the values its sentence needs. `heartline.routing.words` has the sentences.
Reason = tuple[str, dict[str, Any]]
Reasons = tuple[Reason, ...]

# The customer is there: in front of the screen, or by the phone at the time they were told.
LIVE_CHANNELS = frozenset({"webchat", "callback"})
# A callback before its time would find nobody; a message may always be answered early.
HELD_BACK_CHANNELS = frozenset({"callback"})
# One offer at a time, so that nobody lets a second one lapse while they read the first.
OFFERS_AT_ONCE = 1
# How long somebody asked for by name is waited for before everybody may take it: time for two offers.
PREFERRED_WAIT = timedelta(seconds=60)
# Who declined, let lapse or gave back a contact is not asked again for it meanwhile: time for a few others.
PASSED_OVER_FOR = timedelta(minutes=2)
# After these reasons to decline, never: neither skill nor acquaintance changes by waiting.
DECLINED_FOR_GOOD = frozenset({"not_my_skill", "knows_customer"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A contact that waits. `asked_at` is when the customer first asked, whatever has happened since.

    An empty `language` means any. `skills` are keys and the levels at least needed. `preferred` is asked for by
    name and waited for until `preferred_until`. `last_served_by` helped in the same case before, `owner` owns it.
    `passed_over` says until when a person is not asked again; None means never. What it needs besides: the customer
    complained and that is open, a promise to them is broken, they need particular care. Supervisors may have raised
    it by `manual_seconds`, or pinned it `pinned_to` somebody until a moment; its queue may be paused until one.
    """

    id: int
    queue_id: int
    channel: str
    asked_at: datetime
    language: str = ""
    skills: tuple[tuple[str, int], ...] = ()
    tier: str = ""
    contacts_count: int = 1
    handed_over: bool = False
    due_at: datetime | None = None
    preferred: int | None = None
    preferred_until: datetime | None = None
    last_served_by: int | None = None
    owner: int | None = None
    complaint: bool = False
    broken_promise: bool = False
    vulnerable: bool = False
    offered_to: str = ""
    offered_to_id: int = 0
    manual_seconds: int = 0
    pinned_to: int | None = None
    pinned_until: datetime | None = None
    paused_until: datetime | None = None
    passed_over: Mapping[int, datetime | None] = field(default_factory=dict)

    @property
    def is_live(self) -> bool:
        """Whether the customer is there and waits right now."""
        return self.channel in LIVE_CHANNELS

    @property
    def waits_for_us_since(self) -> datetime:
        """Since when it is our turn: a call that is agreed for a time waits for nobody before."""
        held_back = self.channel in HELD_BACK_CHANNELS and self.due_at is not None
        return max(self.asked_at, self.due_at) if held_back and self.due_at else self.asked_at

    def is_held_back(self, now: datetime) -> bool:
        """Return whether it must not be offered before its time, or while its queue is paused."""
        return self.is_paused(now) or self.is_too_early(now)

    def is_paused(self, now: datetime) -> bool:
        """Return whether its queue is paused. A call that we owe is made all the same: we gave our word."""
        return self.channel not in HELD_BACK_CHANNELS and self.paused_until is not None and now < self.paused_until

    def is_too_early(self, now: datetime) -> bool:
        """Return whether the customer was promised a time that has not come."""
        return self.channel in HELD_BACK_CHANNELS and self.due_at is not None and now < self.due_at

    def passes_over(self, person_id: int, now: datetime) -> bool:
        """Return whether a person is not to be asked now: they declined, let it lapse, or had it before."""
        if person_id not in self.passed_over:
            return False
        until = self.passed_over[person_id]
        return until is None or now < until


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A person who is signed in and serves; an expert may be asked for what their teams do not serve, too.

    `held` counts contacts in hand and offers not yet answered by channel, `held_of` the same by queue.
    """

    id: int
    name: str
    available: bool
    queues: frozenset[int]
    languages: frozenset[str] = frozenset()
    skills: Mapping[str, int] = field(default_factory=dict)
    limits: Mapping[str, int] = field(default_factory=dict)
    held: Mapping[str, int] = field(default_factory=dict)
    held_of: Mapping[int, int] = field(default_factory=dict)
    teams: frozenset[int] = frozenset()
    site: int = 0
    expert: bool = False
    pending: int = 0
    last_offered_at: datetime | None = None

    def serves(self, work: Work) -> bool:
        """Return whether work of this queue and channel is theirs to do at all."""
        return work.queue_id in self.queues and self.limits.get(work.channel, 0) > 0

    def speaks(self, language: str) -> bool:
        """Return whether they serve in a language; an empty one is any."""
        return not language or language in self.languages

    def knows(self, skill: str, level: int) -> bool:
        """Return whether they have a skill at a level or above."""
        return self.skills.get(skill, 0) >= level

    def fits(self, work: Work) -> bool:
        """Return whether they could do this work well, whether or not they are free."""
        return self.serves(work) and self.speaks(work.language) and all(self.knows(*skill) for skill in work.skills)

    def places(self, channel: str) -> int:
        """Return how many more contacts of a channel they can take."""
        return max(0, self.limits.get(channel, 0) - self.held.get(channel, 0))

    def can_be_offered(self, channel: str) -> bool:
        """Return whether an offer of this channel may be made to them now."""
        return self.available and self.pending < OFFERS_AT_ONCE and self.places(channel) > 0

    def carries(self, channel: str, people: People) -> bool:
        """Return whether one more of a channel is not too much beside what is in hand of all channels."""
        if not people.load:
            return True
        counted = ((kind, count) for kind, count in self.held.items() if (kind, channel) not in people.interrupts)
        return sum(people.weight(kind) * count for kind, count in counted) + people.weight(channel) <= people.load

    def takes(self, channel: str, people: People) -> bool:
        """Return whether an offer of this channel may be made to them now, everything in hand considered."""
        return self.can_be_offered(channel) and self.carries(channel, people)

    def strength(self, people: People) -> int:
        """Return how many units they carry at once."""
        limits = ((channel, limit) for channel, limit in self.limits.items() if limit)
        return max(1, people.load or sum(people.weight(channel) * limit for channel, limit in limits))

    def used(self, people: People) -> int:
        """Return what share of that is in use, in millionths."""
        units = sum(people.weight(channel) * count for channel, count in self.held.items())
        return units * 1_000_000 // self.strength(people)
