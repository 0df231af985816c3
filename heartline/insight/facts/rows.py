"""The other rows that figures are made of: pieces of work, turns, offers, cases, promises, and what people were doing.

Each is flat, so that Python and SQL read the same columns. Rows are changed in place while a story is folded, and not after.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from heartline.insight.facts.contacts import milliseconds


@dataclass(slots=True, kw_only=True)
class About:
    """What a row is about, and by what it may be sliced. `queue_id` is the queue the customer first asked."""

    customer_id: int
    case_id: int
    contact_id: int | None
    queue_id: int
    channel: str
    tier: str


@dataclass(slots=True, kw_only=True)
class Piece(About):
    """One person's work on one finished contact."""

    opened_at: datetime
    person_id: int
    held_ms: int
    wrap_up_ms: int
    hand_overs: int

    @property
    def work_ms(self) -> int:
        """Their time with it, wrap-up included."""
        return self.held_ms + self.wrap_up_ms


@dataclass(slots=True, kw_only=True)
class Turn(About):
    """The customer said something and waits for a person's answer; more from the customer belongs to the same turn."""

    number: int
    said_at: datetime
    replied_at: datetime | None = None
    replied_by: int | None = None

    @property
    def response_ms(self) -> int | None:
        """How long until a person replied."""
        return milliseconds(self.said_at, self.replied_at) if self.replied_at else None


@dataclass(slots=True, kw_only=True)
class OfferMade(About):
    """A contact was offered to a person."""

    offer_id: int
    person_id: int
    made_at: datetime
    outcome: str = "pending"
    reason: str = ""
    open_ms: int | None = None


@dataclass(slots=True, kw_only=True)
class Matter(About):
    """A case. `solved_at` is the last solving, gone again while it is open; the first one is kept beside it."""

    opened_at: datetime
    first_solved_at: datetime | None = None
    first_solved_by: int | None = None
    reopened_at: datetime | None = None
    reopenings: int = 0
    solved_at: datetime | None = None
    solved_by: int | None = None
    contacts: int = 0

    @property
    def to_first_ms(self) -> int | None:
        """From opening to the first solving."""
        return milliseconds(self.opened_at, self.first_solved_at) if self.first_solved_at else None

    @property
    def to_final_ms(self) -> int | None:
        """From opening to the last solving, all of its life included."""
        return milliseconds(self.opened_at, self.solved_at) if self.solved_at else None

    @property
    def reopened_after_ms(self) -> int | None:
        """From the first solving to the first opening anew."""
        if not self.first_solved_at or not self.reopened_at:
            return None
        return milliseconds(self.first_solved_at, self.reopened_at)


@dataclass(slots=True, kw_only=True)
class Promise(About):
    """Something we owed a customer by a time. `owner_id` owned it when it was done, or last."""

    follow_up_id: int
    kind: str
    opened_at: datetime
    due_at: datetime
    owner_id: int | None
    warned_at: datetime | None = None
    late_at: datetime | None = None
    done_at: datetime | None = None

    @property
    def kept(self) -> bool:
        """Whether it was done by its time."""
        return self.done_at is not None and self.done_at <= self.due_at

    @property
    def warned_before(self) -> bool:
        """Whether its owner was told before it was late."""
        return self.warned_at is not None and self.warned_at <= self.due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What a person was doing from one moment to another: presence, and how many contacts they had in hand."""

    person_id: int
    started_at: datetime
    ended_at: datetime
    presence: str
    in_hand: int

    @property
    def length_ms(self) -> int:
        """How long it lasted."""
        return milliseconds(self.started_at, self.ended_at)
