"""Facts about articles. What they say is not in them."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("knowledge.article_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class ArticleChanged(LedgerEvent):
    """An article was drafted, edited, published or withdrawn.

    `how` says which; `consultation_id` is the answer it was made from.
    """

    article_id: int
    number: int
    how: str
    consultation_id: int | None
    changed: tuple[str, ...]
