"""The one permission table. Pages, API, push, files and exports all ask it; a route that is not in it is refused.

Rights say *what* a role may do. *Which* cases, contacts and people it may do it to is decided by `Scope`
(see `heartline.people.queries.scope_of`) in each room's `queries.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

PUBLIC = "public"
VISITOR = "visitor"
SIGNED_IN = "signed_in"

ROLES_WITH: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        right: frozenset(roles.split())
        for right, roles in {
            "desk.use": "agent expert supervisor admin",
            "contact.serve": "agent supervisor admin",
            "contact.join": "supervisor admin",
            "contact.reassign": "supervisor admin",
            "presence.own": "agent expert supervisor admin",
            "presence.others": "supervisor admin",
            "floor.view": "supervisor analyst admin",
            "insight.view": "supervisor analyst admin",
            "message.read": "agent expert supervisor admin",
            "personal.read": "agent expert supervisor admin",
            "setup.manage": "admin",
            "audit.view": "admin",
        }.items()
    }
)

# Route name → right. PUBLIC needs nothing, VISITOR is checked by the view against a visitor's token.
ROUTES: dict[str, str] = {}


def rights_of(role: str) -> frozenset[str]:
    """Return every right of a role."""
    return frozenset(right for right, roles in ROLES_WITH.items() if role in roles)
