"""What happened to each contact, folded from the ledger's events: one fact per contact.

Pure: events in, facts out. An event is taken once, however often it is read, because each fact remembers the place
of the last event it took: folding twice, or in two overlapping pieces, equals folding once. While it is folded a fact is
changed in place (a year has millions of events); `fold` never changes what it was given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from heartline.ledger.positions import Position
from heartline.ledger.queries import Recorded

Facts = dict[int, "ContactFact"]

# The channel on which the customer stays and waits.
LIVE = frozenset({"webchat"})
# Where the customer left a message, our answer is our reply.
LEFT_MESSAGES = frozenset({"webform"})

# The wait a customer was told is kept in minutes.
TOLD_UNIT = timedelta(minutes=1)
_MILLISECOND = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Work:
    """What one person did on a contact: credit goes to who did the work, not to who has it now."""

    person_id: int
    held_ms: int = 0
    wrap_up_ms: int = 0
    hand_overs: int = 0


@dataclass(frozen=True, slots=True)
class Offers:
    """What became of the offers of a contact."""

    made: int = 0
    accepted: int = 0
    declined: int = 0
    expired: int = 0
    withdrawn: int = 0


@dataclass(slots=True, kw_only=True)
class ContactFact:
    """One contact as its events tell it. `queue_id` is the queue the customer asked; `queue_now_id` has it now."""

    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    queue_now_id: int
    channel: str
    language: str
    tier: str
    asked_at: datetime
    opened_at: datetime
    due_at: datetime | None
    within_ms: int | None
    short_ms: int | None
    told_low_ms: int | None
    told_high_ms: int | None
    contacts_in_case: int
    last: Position
    promised_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: int | None = None
    left_at: datetime | None = None
    left_how: str = ""
    gap_ms: int = 0
    times_resumed: int = 0
    ended_at: datetime | None = None
    finished_at: datetime | None = None
    finished_by: int | None = None
    resolution: str = ""
    root_cause: str = ""
    reason_id: int | None = None
    has_expectation_gap: bool = False
    work: tuple[Work, ...] = ()
    said_at: datetime | None = None
    replied_at: datetime | None = None
    replied_by: int | None = None
    transfers: int = 0
    moves: int = 0
    to_person: int = 0
    helpers: frozenset[int] = frozenset()  # experts who answered a question about it, or were in it
    misrouted: bool = False
    offers: Offers = Offers()
    invited_at: datetime | None = None
    scored_at: datetime | None = None
    score: int | None = None
    score_about: int | None = None
    # Told by the customer's other contacts (see `matters.py`); not known while only a day is looked at.
    since_last_ms: int | None = None
    until_next_ms: int | None = None
    promises_broken: int = 0

    @property
    def continues(self) -> bool:
        """Whether it goes on from an asking that was counted already: a call that keeps the place of a chat."""
        return self.asked_at < self.opened_at

    @property
    def served_at(self) -> datetime | None:
        """When somebody was there for the customer: a person took it, or, for a message they left, replied."""
        if self.channel in LEFT_MESSAGES:
            return self.replied_at or self.finished_at
        return self.answered_at

    @property
    def outcome(self) -> str:
        """How the asking ended so far: answered, callback, short_abandon, long_abandon, or waiting."""
        if self.served_at:
            return "answered"
        if not self.left_at:
            return "waiting"
        if self.left_how == "callback":
            return "callback"
        return "short_abandon" if self._left_early() else "long_abandon"

    @property
    def wait_ms(self) -> int | None:
        """How long from first asking to being served; nothing on the way resets it."""
        return milliseconds(self.asked_at, self.served_at) if self.served_at else None

    @property
    def line_ms(self) -> int | None:
        """How long in the queue before being served, without the time the customer had left."""
        return None if self.wait_ms is None else max(0, self.wait_ms - self.gap_ms)

    @property
    def left_after_ms(self) -> int | None:
        """How long the customer waited before leaving."""
        return milliseconds(self.asked_at, self.left_at) if self.left_at else None

    @property
    def limit_ms(self) -> int | None:
        """What "in time" means for this contact: the time we gave the customer, else the queue's rule of that moment."""
        given = self.promised_at or self.due_at
        return milliseconds(self.asked_at, given) if given else self.within_ms

    @property
    def in_time(self) -> bool:
        """Whether it was answered within its limit; exactly at the limit is in time."""
        return self.wait_ms is not None and self.limit_ms is not None and self.wait_ms <= self.limit_ms

    @property
    def handle_ms(self) -> int | None:
        """The work of everybody on it, wrap-up included; None until it is finished."""
        if self.finished_at is None:
            return None
        return sum(part.held_ms + part.wrap_up_ms for part in self.work)

    @property
    def held_ms(self) -> int | None:
        """The time in somebody's hands, wrap-up apart; None until it is finished."""
        return None if self.finished_at is None else sum(part.held_ms for part in self.work)

    @property
    def wrap_up_ms(self) -> int | None:
        """The wrap-up; None until it is finished."""
        return None if self.finished_at is None else sum(part.wrap_up_ms for part in self.work)

    @property
    def handed_on(self) -> int:
        """How often it went to another queue or person, however that was done."""
        return self.transfers + self.moves

    @property
    def hands(self) -> int:
        """How many people worked on it."""
        return len(self.work)

    @property
    def experts(self) -> int:
        """How many experts helped without ever serving it themselves."""
        return len(self.helpers - {part.person_id for part in self.work})

    @property
    def left_in_time(self) -> bool:
        """Whether the customer left within the limit."""
        return self.left_after_ms is not None and self.limit_ms is not None and self.left_after_ms <= self.limit_ms

    @property
    def response_ms(self) -> int | None:
        """From the customer's message to the first reply of a person."""
        return milliseconds(self.said_at, self.replied_at) if self.said_at and self.replied_at else None

    def _left_early(self) -> bool:
        return self.short_ms is not None and self.left_after_ms is not None and self.left_after_ms <= self.short_ms


def fold(facts: Mapping[int, ContactFact], events: Iterable[Recorded]) -> Facts:
    """Return the facts after some more events, in ledger order; events taken before change nothing.

    Events about a contact whose opening is not among them are passed over: its day is not being counted.
    """
    after, ours = dict(facts), set[int]()
    for event in events:
        id = event.body.get("contact_id") or 0
        if id not in ours:
            ours.add(id)
            if id in after:
                after[id] = replace(after[id])
        take(after, event)
    return after


def take(facts: Facts, event: Recorded) -> None:
    """Change facts in place by one event."""
    if event.kind == OPENED:
        facts.setdefault(event.body["contact_id"], _opened(event))
    elif change := _CHANGES.get(event.kind):
        fact = facts.get(event.body.get("contact_id") or 0)
        if fact and event.position > fact.last:
            fact.last = event.position
            change(fact, event)


def milliseconds(start: datetime, end: datetime) -> int:
    """Return the whole milliseconds between two instants, never negative."""
    return max(0, round((end - start) / _MILLISECOND))


OPENED = "conversations.contact_opened"


def _opened(event: Recorded) -> ContactFact:
    body = event.body
    return ContactFact(
        contact_id=body["contact_id"],
        case_id=body["case_id"],
        customer_id=body["customer_id"],
        queue_id=body["queue_id"],
        queue_now_id=body["queue_id"],
        channel=body["channel"],
        language=body["language"],
        tier=body["tier"],
        asked_at=datetime.fromisoformat(body["asked_at"]),
        opened_at=event.at,
        due_at=datetime.fromisoformat(body["due_at"]) if body.get("due_at") else None,
        within_ms=_times(body.get("answer_within_seconds"), timedelta(seconds=1)),
        short_ms=_times(body.get("short_abandon_seconds"), timedelta(seconds=1)),
        told_low_ms=_times(body.get("told_wait_low"), TOLD_UNIT),
        told_high_ms=_times(body.get("told_wait_high"), TOLD_UNIT),
        contacts_in_case=body["contacts_count"],
        last=event.position,
    )


def _times(count: int | None, unit: timedelta) -> int | None:
    return None if count is None else count * (unit // _MILLISECOND)


def _answered(fact: ContactFact, event: Recorded) -> None:
    if not fact.answered_at:
        fact.answered_at, fact.answered_by = event.at, event.body["person_id"]


def _moved(fact: ContactFact, event: Recorded) -> None:
    _credit(fact, event.body["from_person_id"], held_ms=event.body["held_ms"], hand_overs=1)
    fact.moves += 1


def _returned(fact: ContactFact, event: Recorded) -> None:
    """A contact given back unasked is no hand-over. One that first of all goes to another queue had come to the wrong one."""
    body, handed = event.body, event.body["why"] == "transfer"
    _credit(fact, body["from_person_id"], held_ms=body["held_ms"], hand_overs=int(handed))
    first = handed and fact.handed_on == 0
    fact.misrouted = fact.misrouted or (first and body["queue_id"] != fact.queue_now_id)
    fact.queue_now_id = body["queue_id"]
    fact.transfers += handed
    fact.to_person += handed and body.get("preferred_id") is not None


def _requeued(fact: ContactFact, event: Recorded) -> None:
    fact.queue_now_id = event.body["queue_id"]


def _abandoned(fact: ContactFact, event: Recorded) -> None:
    fact.left_at, fact.left_how = event.at, event.body["how"]


def _resumed(fact: ContactFact, event: Recorded) -> None:
    if fact.left_at and not fact.answered_at:
        fact.gap_ms += milliseconds(fact.left_at, event.at)
    fact.left_at, fact.left_how = None, ""
    fact.times_resumed += 1


def _ended(fact: ContactFact, event: Recorded) -> None:
    _credit(fact, event.body["assignee_id"], held_ms=event.body["held_ms"])
    fact.ended_at = event.at


def _finished(fact: ContactFact, event: Recorded) -> None:
    body = event.body
    _credit(fact, body["person_id"], wrap_up_ms=body["wrap_up_ms"])
    fact.finished_at, fact.finished_by = event.at, body["person_id"]
    fact.resolution, fact.root_cause = body["resolution"], body["root_cause"]
    fact.reason_id, fact.has_expectation_gap = body["reason_id"], body["has_expectation_gap"]


def _said(fact: ContactFact, event: Recorded) -> None:
    """Notes are ours alone, and what the system says never stops a clock."""
    body = event.body
    if body["message_kind"] != "reply":
        return
    if body["author_kind"] == "customer" and fact.said_at is None:
        fact.said_at = event.at
    elif body["author_kind"] == "person" and fact.said_at and fact.replied_at is None:
        fact.replied_at, fact.replied_by = event.at, body["author_id"]


def _offered(fact: ContactFact, event: Recorded) -> None:
    fact.offers = replace(fact.offers, made=fact.offers.made + 1)


def _offer_ended(fact: ContactFact, event: Recorded) -> None:
    outcome = event.body["outcome"]
    if outcome in ("accepted", "declined", "expired", "withdrawn"):
        fact.offers = replace(fact.offers, **{outcome: getattr(fact.offers, outcome) + 1})


def _invited(fact: ContactFact, event: Recorded) -> None:
    fact.invited_at, fact.score_about = event.at, event.body["about_id"]


def _responded(fact: ContactFact, event: Recorded) -> None:
    fact.scored_at, fact.score, fact.score_about = event.at, event.body["score"], event.body["about_id"]


def _promised(fact: ContactFact, event: Recorded) -> None:
    """The time by which we said we would call; more about the same call can only bring it forward."""
    if fact.channel == "callback":
        fact.promised_at = datetime.fromisoformat(event.body["due_at"])


def _joined(fact: ContactFact, event: Recorded) -> None:
    if event.body["role"] == "expert":
        fact.helpers |= {event.body["person_id"]}


def _consulted(fact: ContactFact, event: Recorded) -> None:
    """Most questions are answered without anybody coming in."""
    if event.body["how"] == "answered" and event.body["expert_id"]:
        fact.helpers |= {event.body["expert_id"]}


def _credit(fact: ContactFact, person_id: int, *, held_ms: int = 0, wrap_up_ms: int = 0, hand_overs: int = 0) -> None:
    work = {part.person_id: part for part in fact.work}
    was = work.get(person_id, Work(person_id))
    work[person_id] = Work(person_id, was.held_ms + held_ms, was.wrap_up_ms + wrap_up_ms, was.hand_overs + hand_overs)
    fact.work = tuple(work.values())


_CHANGES: dict[str, Callable[[ContactFact, Recorded], None]] = {
    "conversations.contact_answered": _answered,
    "conversations.contact_moved": _moved,
    "conversations.contact_returned": _returned,
    "conversations.contact_requeued": _requeued,
    "conversations.contact_abandoned": _abandoned,
    "conversations.contact_resumed": _resumed,
    "conversations.contact_ended": _ended,
    "conversations.contact_finished": _finished,
    "conversations.message_added": _said,
    "conversations.participant_joined": _joined,
    "conversations.consultation_changed": _consulted,
    "promises.follow_up_opened": _promised,
    "promises.follow_up_added_to": _promised,
    "routing.offer_made": _offered,
    "routing.offer_ended": _offer_ended,
    "voice_of_customer.invited": _invited,
    "voice_of_customer.responded": _responded,
}
KINDS = frozenset({OPENED, *_CHANGES})
