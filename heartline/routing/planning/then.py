"""How customers and colleagues stood on a day that is past, as far as the ledger knows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from heartline.conversations.models import Assignment, Contact, ContactReason
from heartline.conversations.models.case import CaseState
from heartline.ledger.queries import Recorded, head, read_of_customers, read_since
from heartline.people.models import Team
from heartline.routing.crew import Abilities
from heartline.routing.needs import COMPLAINT

CASE_CHANGED, CUSTOMER_CHANGED = "conversations.case_changed", "customers.customer_changed"
LATE, DONE = "promises.follow_up_late", "promises.follow_up_done"
ABOUT_CUSTOMERS = frozenset({CASE_CHANGED, CUSTOMER_CHANGED, LATE, DONE})
PERSON_CHANGED, SETTINGS_CHANGED = "people.person_changed", "people.settings_changed"
ABILITIES = frozenset({"teams", "skills", "languages", "capacity"})
SOLVED = frozenset({CaseState.SOLVED, CaseState.CLOSED})
AT_ONCE = 500


@dataclass
class _Story:
    """What the ledger tells of one customer, in order."""

    cases: dict[int, list[Recorded]] = field(default_factory=lambda: defaultdict(list))
    care: list[datetime] = field(default_factory=list)
    owed: list[tuple[datetime, int, bool]] = field(default_factory=list)

    def take(self, event: Recorded) -> None:
        """Take in one more event; they come in order."""
        if event.kind == CASE_CHANGED:
            self.cases[event.body["case_id"]].append(event)
        elif event.kind == CUSTOMER_CHANGED:
            if "needs_care" in event.body["changed"]:
                self.care.append(event.at)
        else:
            self.owed.append((event.at, event.body["follow_up_id"], event.kind == LATE))


@dataclass(frozen=True)
class Needs:
    """What a contact needed us more for when its customer asked, who owned its case, and who had helped in it last."""

    complaint: bool = False
    broken_promise: bool = False
    vulnerable: bool = False
    owner: int | None = None
    last_served_by: int | None = None


def needs_then(contacts: list[Contact]) -> dict[int, Needs]:
    """Return the needs of contacts at the moment when their customers asked; `case` and `customer` are read with them."""
    stories = _stories({contact.customer_id for contact in contacts})
    complaints = frozenset(
        ContactReason.objects.filter(Q(key=COMPLAINT) | Q(parent__key=COMPLAINT)).values_list("id", flat=True)
    )
    served = _served({contact.case_id for contact in contacts})
    return {
        contact.id: _needs(contact, stories.get(contact.customer_id, _Story()), complaints, served)
        for contact in contacts
    }


def _needs(contact: Contact, story: _Story, complaints: frozenset[int], served: Mapping[int, list[Any]]) -> Needs:
    at = contact.asked_at
    late = {id: is_late for moment, id, is_late in story.owed if moment <= at}
    turned = sum(moment > at for moment in story.care)
    helped = [person for over, person in served.get(contact.case_id, ()) if over <= at]
    return Needs(
        complaint=any(_is_open_complaint(changes, complaints, at) for changes in story.cases.values()),
        broken_promise=any(late.values()),
        # each change since turned it round
        vulnerable=bool(contact.customer.needs_care) != bool(turned % 2),
        owner=_owner(contact, story.cases.get(contact.case_id, []), at),
        last_served_by=helped[-1] if helped else None,
    )


def _is_open_complaint(changes: list[Recorded], complaints: frozenset[int], at: datetime) -> bool:
    """Return how a case stood after the last of its changes that had happened; before the first it had no reason yet."""
    known = [event for event in changes if event.at <= at]
    return bool(known) and known[-1].body["reason_id"] in complaints and known[-1].body["state"] not in SOLVED


def _owner(contact: Contact, changes: list[Recorded], at: datetime) -> int | None:
    later = next((event for event in changes if event.at > at and "owner" in event.body["changed"]), None)
    return later.body.get("from_owner_id") if later else contact.case.owner_id


def _stories(customers: Iterable[int]) -> dict[int, _Story]:
    found: dict[int, _Story] = {}
    ids, upto = sorted(customers), head()
    for first in range(0, len(ids), AT_ONCE):
        for customer, events in read_of_customers(ids[first : first + AT_ONCE], ABOUT_CUSTOMERS, upto):
            story = found.setdefault(customer, _Story())
            for event in events:
                story.take(event)
    return found


def _served(cases: Iterable[int]) -> dict[int, list[tuple[datetime, int]]]:
    found: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
    ids = sorted(cases)
    for first in range(0, len(ids), AT_ONCE):
        rows = Assignment.objects.filter(contact__case__in=ids[first : first + AT_ONCE], ended_at__isnull=False)
        for case, over, person in rows.order_by("ended_at").values_list("contact__case_id", "ended_at", "person_id"):
            if over:
                found[case].append((over, person))
    return found


@dataclass(frozen=True)
class Since:
    """What has changed since a day: what people could do then, and of whom and of what that is not known."""

    could: Mapping[int, Abilities]
    people: tuple[str, ...]
    queues: tuple[str, ...]


def changes_since(start: datetime) -> Since:
    """Return what people could do when a day began, where it has changed and the ledger tells what it was."""
    could: dict[int, Abilities] = {}
    people: dict[int, str] = {}
    queues: dict[int, str] = {}
    for event in read_since(start, frozenset({PERSON_CHANGED, SETTINGS_CHANGED})):
        body = event.body
        if event.kind == SETTINGS_CHANGED:
            if body["what"] == "queue" and "skills" in body["changed"]:
                queues[body["id"]] = body["name"]
        elif ABILITIES & set(body["changed"]) and body["person_id"] not in could:
            if body.get("could") and body["person_id"] not in people:
                could[body["person_id"]] = _abilities(body["could"])
            else:
                people[body["person_id"]] = body["person_name"]
        elif "queues" in body["changed"]:
            people[body["person_id"]] = body["person_name"]
    return Since(could, tuple(people.values()), tuple(queues.values()))


def _abilities(could: Mapping[str, Any]) -> Abilities:
    teams = set(could["teams"])
    queues = Team.objects.filter(id__in=teams, queues__isnull=False).values_list("queues", flat=True)
    return Abilities(
        teams=teams,
        queues=set(queues),
        languages=set(could["languages"]),
        skills=dict(could["skills"]),
        limits=dict(could["limits"]),
    )
