"""Facts about quality reviews and coaching. They hold numbers and keys, never what anybody wrote."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def nobody(body: dict[str, Any]) -> Iterable[str]:
    """Return no topic: whoever scores must not hear, from whatever page they have open, how somebody else did."""
    return ()


def whom_it_is_about(body: dict[str, Any]) -> Iterable[str]:
    """Return the topic of the person whose work it is about."""
    return (topics.person(body["person_id"]),)


@ledger_event("quality.card_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class CardChanged(LedgerEvent):
    """A scorecard was added, renamed, given to other channels and queues, or taken out of use."""

    card_id: int
    name: str
    changed: tuple[str, ...]


@ledger_event("quality.card_published", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class CardPublished(LedgerEvent):
    """A version of a scorecard was published; from then on nothing changes it."""

    card_id: int
    version_id: int
    number: int
    questions: int


@ledger_event("quality.sample_drawn", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class SampleDrawn(LedgerEvent):
    """A sample of contacts was drawn by a rule and a seed."""

    draw_id: int
    version_id: int
    rule: str
    count: int
    first_day: str
    last_day: str
    team_id: int | None
    queue_id: int | None
    channel: str
    seed: str
    drawn_from: int
    drawn: int
    scored_twice: int
    without_evaluator: int


@ledger_event("quality.review_submitted", audience=nobody)
@dataclass(frozen=True, kw_only=True)
class ReviewSubmitted(LedgerEvent):
    """An evaluator submitted a review."""

    review_id: int
    contact_id: int
    person_id: int
    version_id: int
    calibration_id: int | None
    is_check: bool
    percent: str | None
    result: str | None
    failed: tuple[str, ...]


@ledger_event("quality.review_reopened", audience=nobody)
@dataclass(frozen=True, kw_only=True)
class ReviewReopened(LedgerEvent):
    """A review was opened again; what it came to before stays here."""

    review_id: int
    contact_id: int
    person_id: int
    result_before: str | None


@ledger_event("quality.review_handed_on", audience=nobody)
@dataclass(frozen=True, kw_only=True)
class ReviewHandedOn(LedgerEvent):
    """A review that was to be scored was given to somebody else, or to somebody for the first time."""

    review_id: int
    contact_id: int
    from_evaluator_id: int | None
    to_evaluator_id: int


@ledger_event("quality.review_shared", audience=whom_it_is_about)
@dataclass(frozen=True, kw_only=True)
class ReviewShared(LedgerEvent):
    """A review was shared with the agent whose work it is about."""

    review_id: int
    contact_id: int
    person_id: int


@ledger_event("quality.remark_made", audience=whom_it_is_about)
@dataclass(frozen=True, kw_only=True)
class RemarkMade(LedgerEvent):
    """Agent or evaluator said something about a shared review: acknowledged, replied, appealed, answered."""

    review_id: int
    contact_id: int
    person_id: int
    what: str


@ledger_event("quality.calibration_opened", audience=nobody)
@dataclass(frozen=True, kw_only=True)
class CalibrationOpened(LedgerEvent):
    """Several evaluators were asked to score one contact, each apart."""

    calibration_id: int
    contact_id: int
    version_id: int
    evaluator_ids: tuple[int, ...]


@ledger_event("quality.calibration_moved", audience=nobody)
@dataclass(frozen=True, kw_only=True)
class CalibrationMoved(LedgerEvent):
    """The answers of a calibration were laid side by side, or it was closed."""

    calibration_id: int
    contact_id: int
    state: str
    submitted: int


@ledger_event("quality.answer_agreed", audience=nobody)
@dataclass(frozen=True, kw_only=True)
class AnswerAgreed(LedgerEvent):
    """The evaluators of a calibration agreed on an answer."""

    calibration_id: int
    contact_id: int
    question: str
    value: int | None
    is_na: bool


@ledger_event("quality.coaching_noted", audience=whom_it_is_about)
@dataclass(frozen=True, kw_only=True)
class CoachingNoted(LedgerEvent):
    """A coaching note was written, agreed to by the agent, or its next step closed."""

    note_id: int
    person_id: int
    contact_id: int | None
    what: str
    due_on: str | None
