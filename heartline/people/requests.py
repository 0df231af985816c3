"""Requests as staff pages receive them, for type checkers and readers."""

from __future__ import annotations

from heartline.common.requests import Request
from heartline.people.models import Person
from heartline.people.queries import Scope


class StaffRequest(Request):
    """A request that passed the permission table with a right that people hold."""

    user: Person
    """Who asks: active, and signed in."""

    scope: Scope
    """What they may reach, as the tables stand now."""
