"""Facts about tokens for programs."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("api.token_created", audience=topics.of_person)
@dataclass(frozen=True, kw_only=True)
class TokenCreated(LedgerEvent):
    """A person made a token by which a program acts for them."""

    token_id: int
    person_id: int
    name: str
    rights: tuple[str, ...]
    expires_at: str


@ledger_event("api.token_revoked", audience=topics.of_person)
@dataclass(frozen=True, kw_only=True)
class TokenRevoked(LedgerEvent):
    """A token was ended before its time."""

    token_id: int
    person_id: int
    name: str
