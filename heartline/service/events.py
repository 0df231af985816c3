"""Facts about how people arrange their desk."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("service.inbox_view_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class InboxViewChanged(LedgerEvent):
    """A view of the inbox was added, changed or removed; `level` is own, team or everybody."""

    view_id: int
    level: str
    team_id: int | None
    changed: tuple[str, ...]
