"""Facts about our people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


@ledger_event("people.presence_changed", audience=topics.of_person)
@dataclass(frozen=True, kw_only=True)
class PresenceChanged(LedgerEvent):
    """A person became available, took a break, went away."""

    person_id: int
    person_name: str
    team_ids: tuple[int, ...]
    state: str
    reason: str
    from_state: str
    since: str


@ledger_event("people.person_changed", audience=topics.of_person)
@dataclass(frozen=True, kw_only=True)
class PersonChanged(LedgerEvent):
    """A person was added, or their role, teams, skills or right to sign in changed; their streams start anew.

    Where what they can do has changed, `could` says what it was: teams by number, skills with levels, languages, limits.
    """

    person_id: int
    person_name: str
    team_ids: tuple[int, ...]
    role: str
    is_active: bool
    changed: tuple[str, ...]
    could: dict[str, Any] | None = None


@ledger_event("people.settings_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class SettingsChanged(LedgerEvent):
    """An administrator changed a brand, queue, team, skill, site, hours or reason."""

    what: str
    id: int
    name: str
    changed: tuple[str, ...]
    brand_id: int | None = None
    queue_id: int | None = None


@ledger_event("people.signed_in", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class SignedIn(LedgerEvent):
    """A person signed in, out, or was refused."""

    person_id: int
    person_name: str
    outcome: str
    method: str


@ledger_event("people.audit_exported", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class AuditExported(LedgerEvent):
    """The record left this system as a file."""

    person_id: int | None
    kind_sought: str
    first: str
    last: str
