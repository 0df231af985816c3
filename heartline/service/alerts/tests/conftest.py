"""What tests of alerts share."""

from __future__ import annotations

import pytest

from heartline.ledger.order import ENDLESS


@pytest.fixture(autouse=True)
def our_own_transaction_counts_as_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test read, on PostgreSQL too, the events of the transaction it runs in and that is never committed."""
    monkeypatch.setattr("heartline.ledger.order.safe_tx", lambda: ENDLESS)
