"""Facts about the figures themselves."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("insight.figures_checked", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class FiguresChecked(LedgerEvent):
    """The figures kept up to date during the last day were compared with a recomputation from the ledger.

    `day` is the UTC date that had ended; `differing` names at most twenty contacts whose facts were not equal,
    `rows_differing` at most twenty of the kept rows, as table and key. `count` is how many differ in all.
    """

    day: str
    contacts: int
    equal: bool
    differing: tuple[int, ...]
    rows: int = 0
    rows_differing: tuple[str, ...] = ()
    count: int = 0
