"""Facts about webhooks. What was delivered is in the webhook's own log, not in the ledger."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("webhooks.webhook_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class WebhookChanged(LedgerEvent):
    """A webhook was added, changed, switched on or off, given a new secret, or removed."""

    webhook_id: int
    person_id: int
    name: str
    changed: tuple[str, ...]
    state: str
    reason: str


@ledger_event("webhooks.webhook_tested", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class WebhookTested(LedgerEvent):
    """Somebody sent a test through a webhook; it goes to that one only."""

    webhook_id: int
    name: str
