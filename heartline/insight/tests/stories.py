"""Short stories of contacts as recorded events, for tests that need no database."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from heartline.insight.facts import ContactFact, fold
from heartline.ledger.positions import Position
from heartline.ledger.queries import Recorded

MORNING = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)


@dataclass
class Story:
    """A contact to which things happen, one after the other, at seconds since it was asked."""

    contact_id: int = 1
    queue_id: int = 1
    channel: str = "webchat"
    asked_at: datetime = MORNING
    within: int | None = 60
    short: int | None = None
    told: tuple[int, int] | None = None
    due: int | None = None
    keeps_place_of: int = 0  # seconds between the chat that was asked for and the call that replaces it
    first_place: int = 1
    events: list[Recorded] = field(default_factory=list)

    def __post_init__(self) -> None:
        body = {
            "case_id": self.contact_id,
            "customer_id": 1,
            "brand_id": 1,
            "channel": self.channel,
            "language": "en",
            "tier": "small",
            "state": "waiting",
            "asked_at": (self.asked_at - timedelta(seconds=self.keeps_place_of)).isoformat(),
            "due_at": (self.asked_at + timedelta(seconds=self.due)).isoformat() if self.due else None,
            "told_wait_low": self.told[0] if self.told else None,
            "told_wait_high": self.told[1] if self.told else None,
            "contacts_count": 1,
            "answer_within_seconds": self.within,
            "short_abandon_seconds": self.short,
        }
        self.happened(0, "conversations.contact_opened", **body)

    def happened(self, second: float, kind: str, **body: Any) -> Story:
        place = Position(0, self.first_place + len(self.events))
        body = {"contact_id": self.contact_id, "queue_id": self.queue_id} | body
        at = self.asked_at + timedelta(seconds=second)
        self.events.append(Recorded(place, at, kind, "system", None, "", self.contact_id, body))
        return self

    def said(
        self, second: float, author_kind: str = "customer", author_id: int | None = None, kind: str = "reply"
    ) -> Story:
        return self.happened(
            second, "conversations.message_added", message_kind=kind, author_kind=author_kind, author_id=author_id
        )

    def answered(self, second: float, person_id: int = 7) -> Story:
        return self.happened(second, "conversations.contact_answered", person_id=person_id)

    def left(self, second: float, how: str = "left") -> Story:
        return self.happened(second, "conversations.contact_abandoned", how=how)

    def resumed(self, second: float) -> Story:
        return self.happened(second, "conversations.contact_resumed")

    def handed_over(self, second: float, to_queue: int, held: int, person_id: int = 7) -> Story:
        return self.happened(
            second,
            "conversations.contact_returned",
            queue_id=to_queue,
            from_person_id=person_id,
            held_ms=held * 1000,
            preferred_id=None,
            why="transfer",
        )

    def promised(self, second: float, by: float) -> Story:
        due = (self.asked_at + timedelta(seconds=by)).isoformat()
        return self.happened(second, "promises.follow_up_opened", follow_up_kind="callback", due_at=due)

    def ended(self, second: float, held: int, person_id: int = 7) -> Story:
        return self.happened(second, "conversations.contact_ended", assignee_id=person_id, held_ms=held * 1000)

    def finished(self, second: float, wrap_up: int, person_id: int = 7) -> Story:
        return self.happened(
            second,
            "conversations.contact_finished",
            person_id=person_id,
            wrap_up_ms=wrap_up * 1000,
            reason_id=3,
            resolution="solved",
            root_cause="",
            has_expectation_gap=False,
        )

    def asked_how(self, second: float, about: int = 7) -> Story:
        return self.happened(second, "voice_of_customer.invited", about_id=about)

    def rated(self, second: float, score: int, about: int = 7) -> Story:
        return self.happened(second, "voice_of_customer.responded", about_id=about, score=score)

    def fact(self) -> ContactFact:
        return fold({}, self.events)[self.contact_id]


def served(contact_id: int, *, wait: float, score: int | None = None, **about: Any) -> ContactFact:
    """A contact answered after a wait, finished, and perhaps rated."""
    story = Story(contact_id, **about).said(0).answered(wait).said(wait + 10, "person", 7)
    story.ended(wait + 300, 300).finished(wait + 360, 60).asked_how(wait + 301)
    return (story.rated(wait + 400, score) if score else story).fact()
