"""What tests of the floor share."""

from __future__ import annotations

import pytest

from heartline.ledger.order import ENDLESS
from heartline.service.floor.usual import KNOWN


@pytest.fixture(autouse=True)
def our_own_transaction_counts_as_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a test read, on PostgreSQL too, the events of the transaction it runs in and that is never committed.

    That readers wait for open transactions is proved in the ledger's own tests.
    """
    monkeypatch.setattr("heartline.ledger.order.safe_tx", lambda: ENDLESS)


@pytest.fixture(autouse=True)
def nothing_is_known_from_another_test() -> None:
    """Forget the weeks that another test had."""
    KNOWN.forget()
