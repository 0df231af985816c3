"""Facts about API keys."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("api.key_created", audience=topics.of_person)
@dataclass(frozen=True, kw_only=True)
class KeyCreated(LedgerEvent):
    """A person made a key by which a program acts for them."""

    key_id: int
    person_id: int
    name: str
    rights: tuple[str, ...]
    expires_at: str


@ledger_event("api.key_revoked", audience=topics.of_person)
@dataclass(frozen=True, kw_only=True)
class KeyRevoked(LedgerEvent):
    """A key was ended before its time."""

    key_id: int
    person_id: int
    name: str
