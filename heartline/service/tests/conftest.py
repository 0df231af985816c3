"""What tests of the desk share."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def our_own_transaction_counts_as_settled(settled: None) -> None:
    """Let desks follow what a test does in the transaction it runs in."""
