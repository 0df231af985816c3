"""Facts about questions to experts. What was asked and answered is not in them: it is added on delivery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def _of_case_and_asker(body: dict[str, Any]) -> Iterator[str]:
    """Yield the topics of the case and of who asked; the expert hears of it by `expert_told`, without the customer."""
    yield from topics.of_case(body)
    if body.get("asked_by_id"):
        yield topics.person(body["asked_by_id"])


def add_consultations(bodies: list[dict[str, Any]]) -> None:
    """Add `consultation`: what is shown of it now; nothing when it is gone."""
    from heartline.conversations.consultations.cards import cards_by_id

    cards = cards_by_id(body["consultation_id"] for body in bodies)
    for body in bodies:
        body["consultation"] = cards.get(body["consultation_id"])


@ledger_event("conversations.consultation_changed", audience=_of_case_and_asker, enrich=add_consultations)
@dataclass(frozen=True, kw_only=True)
class ConsultationChanged(LedgerEvent):
    """A question to an expert was asked, taken, answered, declined, passed on, withdrawn.

    `how` says it: asked, accepted, answered, declined, passed, unanswered, given_on, waits (nobody can take it now),
    withdrawn, taken_over, changed (due time, or whether the expert may write to the customer), warned, late, seen.
    """

    consultation_id: int
    contact_id: int
    case_id: int
    customer_id: int
    queue_id: int
    how: str
    asked_by_id: int | None
    expert_id: int | None
    from_expert_id: int | None
    skill_id: int | None
    due_at: str
    after_ms: int
    reason: str


@ledger_event("conversations.expert_told", audience=topics.of_person)
@dataclass(frozen=True, kw_only=True)
class ExpertTold(LedgerEvent):
    """What is asked of an expert has changed; nothing in it says of whom it is. `how` is as above, or gone: not theirs any more."""

    person_id: int
    consultation_id: int
    how: str
    due_at: str


@ledger_event("conversations.expertise_changed", audience=topics.of_person)
@dataclass(frozen=True, kw_only=True)
class ExpertiseChanged(LedgerEvent):
    """How a person wants to be asked has changed."""

    person_id: int
    changed: tuple[str, ...]


@ledger_event("conversations.answer_time_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class AnswerTimeChanged(LedgerEvent):
    """How soon questions to experts are to be answered has changed; without a skill, for those without a time of their own."""

    skill_id: int | None
    changed: tuple[str, ...]
