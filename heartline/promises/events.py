"""Facts about what is owed."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("promises.follow_up_opened", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class FollowUpOpened(LedgerEvent):
    """We owe a customer something from now on."""

    follow_up_id: int
    case_id: int
    customer_id: int
    queue_id: int
    follow_up_kind: str
    owner_id: int | None
    what: str
    due_at: str


@ledger_event("promises.follow_up_warned", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class FollowUpWarned(LedgerEvent):
    """A follow-up is nearly due and its owner was told."""

    follow_up_id: int
    case_id: int
    customer_id: int
    queue_id: int
    owner_id: int | None
    due_at: str


@ledger_event("promises.follow_up_done", audience=topics.of_case)
@dataclass(frozen=True, kw_only=True)
class FollowUpDone(LedgerEvent):
    """What was owed was done; `late_ms` is 0 when it was in time."""

    follow_up_id: int
    case_id: int
    customer_id: int
    queue_id: int
    owner_id: int | None
    late_ms: int
