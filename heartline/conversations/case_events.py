"""Facts about how a case is worked on: what it carries, who sleeps on it. Names and words are added on delivery."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps

from heartline.conversations.words import add_cards
from heartline.ledger import topics
from heartline.ledger.events import LedgerEvent, ledger_event


def add_matter(bodies: list[dict[str, Any]]) -> None:
    """Add the case's cards and what it carries (`matter`)."""
    from heartline.conversations.matter import matters_of

    add_cards(bodies)
    matters = matters_of(body["case_id"] for body in bodies)
    for body in bodies:
        body["matter"] = matters[body["case_id"]]


@ledger_event("conversations.case_tagged", audience=topics.of_case, enrich=add_matter)
@dataclass(frozen=True, kw_only=True)
class CaseTagged(LedgerEvent):
    """A case got tags or lost them."""

    case_id: int
    customer_id: int
    queue_id: int
    added: tuple[int, ...]
    removed: tuple[int, ...]


@ledger_event("conversations.case_fields_changed", audience=topics.of_case, enrich=add_matter)
@dataclass(frozen=True, kw_only=True)
class CaseFieldsChanged(LedgerEvent):
    """A case got another type, or other values in the fields of its type; `changed` names them, without the words."""

    case_id: int
    customer_id: int
    queue_id: int
    type_id: int | None
    from_type_id: int | None
    changed: tuple[str, ...]


@ledger_event("conversations.snooze_changed", audience=topics.of_case, enrich=add_matter)
@dataclass(frozen=True, kw_only=True)
class SnoozeChanged(LedgerEvent):
    """A person snoozed a case, it woke, or they have dealt with it; `state` is asleep, awake or over.

    `why` says what changed it: asked, time, spoke (the customer said more than thanks), answered, taken_back.
    """

    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    state: str
    why: str
    until: str


@ledger_event("conversations.cases_linked", audience=topics.of_case, enrich=add_matter)
@dataclass(frozen=True, kw_only=True)
class CasesLinked(LedgerEvent):
    """A case was linked to another, or no longer is; the other has an event of its own."""

    case_id: int
    customer_id: int
    queue_id: int
    other_id: int
    linked: bool


def _of_both(body: dict[str, Any]) -> Iterator[str]:
    yield from topics.of_case(body)
    yield topics.case(body["from_case_id"])


def add_everybody_concerned(bodies: list[dict[str, Any]]) -> None:
    """Add cards, and the numbers of all who own, serve or take part: their desks show another case from now on."""
    add_cards(bodies)
    for body in bodies:
        body["involved_ids"] = sorted({*body["involved_ids"], *_people_of(body["contact_ids"], body["from_case_id"])})


def _people_of(contact_ids: list[int], from_case_id: int) -> set[int]:
    participants = apps.get_model("conversations", "Participant").objects.filter(
        contact_id__in=contact_ids, left_at=None
    )
    owners = apps.get_model("conversations", "Case").objects.filter(id=from_case_id, owner__isnull=False)
    return {*participants.values_list("person_id", flat=True), *owners.values_list("owner_id", flat=True)}


@ledger_event("conversations.contacts_moved", audience=_of_both, enrich=add_everybody_concerned)
@dataclass(frozen=True, kw_only=True)
class ContactsMoved(LedgerEvent):
    """Contacts went from one case to another. `how` is merged, split, moved, or taken_back."""

    case_id: int
    from_case_id: int
    customer_id: int
    queue_id: int
    from_queue_id: int
    contact_ids: tuple[int, ...]
    how: str
    deed_id: int


def add_task_matter(bodies: list[dict[str, Any]]) -> None:
    """Add what the case carries, and the numbers of the team's people: from now on the case is theirs to see."""
    add_matter(bodies)
    teams = {body["team_id"] for body in bodies} - {None}
    through = apps.get_model("people", "Person").objects.filter(teams__in=teams, is_active=True)
    members: dict[int, set[int]] = {}
    for team_id, person_id in through.values_list("teams", "id"):
        members.setdefault(team_id, set()).add(person_id)
    for body in bodies:
        body["involved_ids"] = sorted({*body["involved_ids"], *members.get(body["team_id"], ())})


@ledger_event("conversations.task_changed", audience=topics.of_case, enrich=add_task_matter)
@dataclass(frozen=True, kw_only=True)
class TaskChanged(LedgerEvent):
    """A task of a case: opened, given (to somebody else), done, dropped or reopened. `person_id` is whose it is."""

    case_id: int
    customer_id: int
    queue_id: int
    task_id: int
    how: str
    person_id: int | None
    from_person_id: int | None
    team_id: int | None
    due_at: str | None


@ledger_event("conversations.watch_changed", audience=topics.of_case, enrich=add_matter)
@dataclass(frozen=True, kw_only=True)
class WatchChanged(LedgerEvent):
    """Somebody watches a case from now on, or no longer."""

    case_id: int
    customer_id: int
    queue_id: int
    person_id: int
    watching: bool


@ledger_event("conversations.macro_changed", audience=topics.of_administrators)
@dataclass(frozen=True, kw_only=True)
class MacroChanged(LedgerEvent):
    """A macro was added, changed or removed. `level` is own, team or everybody."""

    macro_id: int
    level: str
    team_id: int | None
    changed: tuple[str, ...]
