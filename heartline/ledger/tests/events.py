"""One event kind of the tests' own."""

from __future__ import annotations

from dataclasses import dataclass

from heartline.ledger import topics
from heartline.ledger.events import KINDS, LedgerEvent, ledger_event

if "tests.noted" not in KINDS:

    @ledger_event("tests.noted", audience=topics.of_case, public=lambda body: {"text": body["text"]})
    @dataclass(frozen=True, kw_only=True)
    class Noted(LedgerEvent):
        """Something a test wrote down."""

        text: str
        queue_id: int = 1
        contact_id: int | None = None
