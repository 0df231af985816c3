"""Facts about how a case is worked on: what it carries, who sleeps on it. Names and words are added on delivery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from heartline.conversations.words import add_cards
from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def add_matter(bodies: list[dict[str, Any]]) -> None:
    """Add the case's cards and what it carries (`matter`)."""
    from heartline.conversations.matter import matters_of

    add_cards(bodies)
    matters = matters_of(body["case_id"] for body in bodies)
    for body in bodies:
        body["matter"] = matters[body["case_id"]]


@ledger_event("conversations.case_tagged", audience=topics.of_case, enrich=add_matter)
@dataclass(frozen=True, kw_only=True)
class CaseTagged(LedgerEvent):
    """A case got tags or lost them."""

    case_id: int
    customer_id: int
    queue_id: int
    added: tuple[int, ...]
    removed: tuple[int, ...]


@ledger_event("conversations.snooze_changed", audience=topics.of_case, enrich=add_matter)
@dataclass(frozen=True, kw_only=True)
class SnoozeChanged(LedgerEvent):
    """A person snoozed a case, it woke, or they have dealt with it (`state` asleep, awake, over).

    `why` says what changed it: asked, time, spoke (the customer said more than thanks), answered, taken_back.
    """

    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    state: str
    why: str
    until: str
