"""Requests as the API's operations receive them, for type checkers and readers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from heartline.api.budget import Left
from heartline.api.models import ApiKey
from heartline.people.requests import StaffRequest


class ApiRequest(StaffRequest):
    """A request that passed the gate: its `scope` holds what the person, and the key if there is one, may do."""

    api_key: ApiKey | None
    """The key a program came with; None in a signed-in browser."""

    budget: Left
    """What is left of the caller's requests this minute."""

    prepared: Any
    """What the operation's `prepare` made of the request before its transaction began."""

    keep_sealed: bool
    """Set by an operation that tells a secret: the reply that its retries get is kept sealed."""

    now: datetime
    """When it came: the one clock of its operation."""
