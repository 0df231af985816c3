"""A day as it was, out of the ledger: who came, how long they took, who left, who was there, who had what in hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median
from typing import Any

from django.db.models import Q, QuerySet

from heartline.conversations.models import Assignment, Contact
from heartline.ledger.queries import read_about, read_day
from heartline.people.models import Person, Presence, PresenceState, Queue
from heartline.people.permissions import ROLES_WITH
from heartline.routing import rules
from heartline.routing.crew import Crew
from heartline.routing.models import Offer, OfferState
from heartline.routing.planning.then import Needs, Since, changes_since, needs_then
from heartline.routing.queries import skills_for
from heartline.routing.rules.replay import Arrival, Shift

# More than this of one day would keep a reader waiting; what came first is taken.
MOST = 5000
# So many are gone through while a page is fetched.
QUICK = 300
OPENED, ANSWERED, LEFT = (f"conversations.contact_{name}" for name in ("opened", "answered", "abandoned"))
PRESENCE = "people.presence_changed"
USUALLY_TAKES, USUALLY_ACCEPTED_AFTER = 300.0, 5.0


@dataclass(frozen=True)
class Fate:
    """What became of a contact: how long it waited, who had it, or that its customer left."""

    waited: float
    person_id: int | None = None
    left: bool = False


@dataclass(frozen=True)
class DaySeen:
    """A day for the rules, what really became of its contacts, and those that count: who asked on that day.

    What somebody had in hand when the day began is among the arrivals, pinned to them.
    """

    start: datetime
    end: datetime
    arrivals: tuple[Arrival, ...]
    shifts: tuple[Shift, ...]
    accept_after: float
    happened: Mapping[int, Fate]
    counted: frozenset[int]
    was_cut: bool
    since: Since


def day_seen(start: datetime, end: datetime) -> DaySeen:
    """Return a day as it was: customers' needs when they asked, what people could do when it began.

    Where the ledger does not tell what somebody could do then, `since` names them: it is taken as it is now.
    """
    contacts = list(_contacts(start, end)[: MOST + 1])
    was_cut, contacts = len(contacts) > MOST, contacts[:MOST]
    opened, happened = _told(contacts, end)
    spans = _spans(contacts)
    usual = _usual(spans)
    crew = Crew()
    needs, since = needs_then(contacts), changes_since(start)
    works = {row.id: _work(row, opened.get(row.id, {}), crew, needs.get(row.id)) for row in contacts}
    servers = _servers(crew, since)
    came = [row for row in contacts if row.answered_at is None or row.answered_at >= start]
    delay = _accepted_after(start, end)
    arrivals = [
        Arrival(works[row.id], spans.get(row.id, usual) + delay, _patience(happened.get(row.id))) for row in came
    ]
    return DaySeen(
        start=start,
        end=end,
        arrivals=(*_in_hand(start, end, servers, crew), *arrivals),
        shifts=tuple(_shifts(start, end, servers)),
        accept_after=delay,
        happened=happened,
        counted=frozenset(row.id for row in came if row.asked_at >= start),
        was_cut=was_cut,
        since=since,
    )


def is_long(start: datetime, end: datetime) -> bool:
    """Return whether so many came on a day that whoever wants to try it should see how far it is."""
    return _contacts(start, end)[QUICK : QUICK + 1].exists()


def _contacts(start: datetime, end: datetime) -> QuerySet[Contact]:
    waited_then = (
        Q(answered_at__gte=start) | Q(answered_at=None, ended_at=None) | Q(answered_at=None, ended_at__gte=start)
    )
    return (
        Contact.objects.filter(waited_then, asked_at__lt=end)
        .select_related("case", "customer")
        .order_by("asked_at", "id")
    )


def _told(contacts: Iterable[Contact], end: datetime) -> tuple[dict[int, dict[str, Any]], dict[int, Fate]]:
    """Return what the ledger tells of each contact: how it came, and what became of it."""
    opened: dict[int, dict[str, Any]] = {}
    happened: dict[int, Fate] = {}
    known = {contact.id: contact for contact in contacts}
    for event in read_about(known, frozenset({OPENED, ANSWERED, LEFT})):
        id = event.body["contact_id"]
        if event.kind == OPENED:
            opened[id] = event.body
        elif event.at < end and not (happened.get(id) and happened[id].person_id):
            waited = event.body["waited_ms"] / 1000
            person = event.body.get("person_id")
            happened[id] = Fate(waited, person, event.kind == LEFT)
    for id, contact in known.items():
        happened.setdefault(id, Fate(max(0.0, (end - contact.asked_at).total_seconds())))
    return opened, happened


def _spans(contacts: Iterable[Contact]) -> dict[int, float]:
    """Return how long each contact was in somebody's hands, its wrap-up with it."""
    found: dict[int, float] = {}
    for contact in contacts:
        over = contact.closed_at or contact.ended_at
        if contact.answered_at and over:
            found[contact.id] = max(1.0, (over - contact.answered_at).total_seconds())
    return found


def _usual(spans: Mapping[int, float]) -> float:
    return median(spans.values()) if spans else USUALLY_TAKES


def _patience(fate: Fate | None) -> float | None:
    return fate.waited if fate and fate.left else None


def _work(contact: Contact, opened: Mapping[str, Any], crew: Crew, then: Needs | None = None) -> rules.Work:
    needs = contact.needs if isinstance(contact.needs, dict) else {}
    queue = opened.get("queue_id", contact.queue_id)
    return rules.Work(
        id=contact.id,
        queue_id=queue,
        channel=contact.channel,
        asked_at=contact.asked_at,
        language=needs.get("language", contact.language),
        skills=skills_for(needs, crew.skills_of_queues.get(queue, {})),
        tier=opened.get("tier", contact.customer.tier),
        contacts_count=opened.get("contacts_count", 1),
        due_at=contact.due_at,
        last_served_by=then.last_served_by if then else None,
        owner=then.owner if then and opened.get("contacts_count", 1) > 1 else None,
        complaint=bool(then and then.complaint),
        broken_promise=bool(then and then.broken_promise),
        vulnerable=bool(then and then.vulnerable),
    )


def _servers(crew: Crew, since: Since) -> dict[int, rules.Server]:
    """Return everybody who serves, with empty hands."""
    people = list(
        Person.objects.filter(role__in=ROLES_WITH["contact.serve"]).values_list(
            "id", "name", "site_id", "expertise__answers"
        )
    )
    able = {**crew.of([id for id, *_rest in people]), **since.could}
    return {
        id: rules.Server(
            id=id,
            name=name,
            available=True,
            queues=frozenset(able[id].queues),
            languages=frozenset(able[id].languages),
            skills=able[id].skills,
            limits=able[id].limits,
            teams=frozenset(able[id].teams),
            site=site,
            expert=bool(answers),
        )
        for id, name, site, answers in people
    }


def _shifts(start: datetime, end: datetime, servers: Mapping[int, rules.Server]) -> Iterable[Shift]:
    """Yield when each person was available, by the changes of presence that the ledger tells."""
    changes: dict[int, list[tuple[datetime, str, str]]] = defaultdict(list)
    for event in read_day(start, end, frozenset({PRESENCE})):
        changes[event.body["person_id"]].append((event.at, event.body["from_state"], event.body["state"]))
    before = dict(Presence.objects.filter(since__lt=start).values_list("person_id", "state"))
    for person, server in servers.items():
        told = changes[person]
        state = told[0][1] if told else before.get(person, PresenceState.OFFLINE)
        since = start
        for at, _from, to in [*told, (end, "", "")]:
            if state == PresenceState.AVAILABLE and to != state and at > since:
                yield Shift(server, since, at)
            since = since if to == state else at
            state = to


def _in_hand(start: datetime, end: datetime, servers: Mapping[int, rules.Server], crew: Crew) -> Iterable[Arrival]:
    """Yield what somebody had when the day began, kept for them until they have done it."""
    held = Assignment.objects.filter(Q(ended_at=None) | Q(ended_at__gt=start), started_at__lt=start)
    for row in held.select_related("contact__case", "contact__customer"):
        if row.person_id in servers and row.contact.state != "ended":
            kept = replace(
                _work(row.contact, {}, crew), asked_at=start, due_at=None, pinned_to=row.person_id, pinned_until=end
            )
            yield Arrival(kept, ((row.ended_at or end) - start).total_seconds())


def _accepted_after(start: datetime, end: datetime) -> float:
    """Return how long people took that day to accept what they were offered, the middle one."""
    accepted = Offer.objects.filter(
        state=OfferState.ACCEPTED, offered_at__gte=start, offered_at__lt=end, ended_at__isnull=False
    )
    took = [(over - made).total_seconds() for made, over in accepted.values_list("offered_at", "ended_at") if over]
    return median(took) if took else USUALLY_ACCEPTED_AFTER


def aims() -> dict[int, int]:
    """Return by queue within how many seconds an answer is in time."""
    return dict(Queue.objects.values_list("id", "answer_within_seconds"))
