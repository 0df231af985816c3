"""What rules look at, read from tables and from the facts of the day in memory: a fixed number of queries for all rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from heartline.conversations.models import Contact
from heartline.insight.facts import LIVE, ContactFact
from heartline.insight.today import STORE
from heartline.people.models import Brand, Person, PresenceState, Queue
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import calendar_of
from heartline.service.alerts.models import Kind, Rule
from heartline.service.alerts.rules import share_left, within
from heartline.voice_of_customer.models import Response

# A rating is new for so long: a sweep that comes late still finds it.
NEW = timedelta(minutes=30)


@dataclass(frozen=True)
class Reading:
    """How one subject stands against a rule's limit."""

    subject: str
    value: float
    over: bool
    queue_id: int | None = None
    contact_id: int | None = None
    person_id: int | None = None
    label: str = ""


@dataclass(frozen=True)
class Failing:
    """Something of a room above that has been failing for a while: which, its name, since when."""

    id: int
    name: str
    since: datetime


# Rooms above say here what of theirs is failing: webhooks are theirs, and rules are ours.
FAILING: dict[str, Callable[[], Iterable[Failing]]] = {}


def watch_failing(name: str, read: Callable[[], Iterable[Failing]]) -> None:
    """Let rules watch something of a room above."""
    FAILING[name] = read


@dataclass
class World:
    """What is read once for all rules of a sweep, and only what some rule needs."""

    now: datetime
    facts: Callable[[datetime], Iterable[ContactFact]] = field(default=lambda now: STORE.facts(now).values())

    @cached_property
    def queues(self) -> dict[int, Queue]:
        """All queues, with their brands' hours."""
        found = Queue.objects.select_related("brand__site").prefetch_related("brand__hours", "brand__holidays", "teams")
        return {queue.id: queue for queue in found}

    @cached_property
    def waiting(self) -> list[Contact]:
        """Everybody who waits."""
        return list(Contact.objects.filter(state="waiting").only("id", "queue_id", "channel", "asked_at", "due_at"))

    @cached_property
    def served(self) -> list[Contact]:
        """Everybody who stays on the line and is being served."""
        wanted = ("id", "queue_id", "turn", "turn_since", "assignee_id")
        return list(Contact.objects.filter(state="active", channel__in=LIVE).only(*wanted))

    @cached_property
    def ready(self) -> set[int]:
        """The queues for which somebody is available."""
        people = Person.objects.filter(
            is_active=True, presence__state=PresenceState.AVAILABLE, role__in=ROLES_WITH["contact.serve"]
        )
        return {queue_id for queue_id in people.values_list("teams__queues", flat=True) if queue_id}

    @cached_property
    def open_now(self) -> set[int]:
        """The brands that are in their service hours."""
        brands: dict[int, Brand] = {queue.brand_id: queue.brand for queue in self.queues.values()}
        return {id for id, brand in brands.items() if calendar_of(brand).is_open(self.now)}

    @cached_property
    def settled(self) -> dict[int, tuple[list[datetime], list[datetime]]]:
        """By queue, when customers left before being served, and when customers were answered."""
        found: dict[int, tuple[list[datetime], list[datetime]]] = defaultdict(lambda: ([], []))
        for fact in self.facts(self.now):
            if fact.outcome == "long_abandon" and fact.left_at:
                found[fact.queue_id][0].append(fact.left_at)
            elif fact.outcome == "answered" and fact.served_at:
                found[fact.queue_id][1].append(fact.served_at)
        return found

    def of_rule(self, rule: Rule) -> list[Queue]:
        """Return the queues a rule is about."""
        if rule.queue_id:
            return [self.queues[rule.queue_id]] if rule.queue_id in self.queues else []
        queues = list(self.queues.values())
        return [one for one in queues if any(t.id == rule.team_id for t in one.teams.all())] if rule.team_id else queues


def readings_of(rule: Rule, world: World) -> list[Reading]:
    """Return how every subject of a rule stands now; a subject that is not among them is calm."""
    return _READERS[Kind(rule.kind)](rule, world)


def _longest_wait(rule: Rule, world: World) -> list[Reading]:
    """Who stays waits since they asked; who was given a time waits since that time has passed."""
    longest: dict[int, float] = {}
    for contact in world.waiting:
        since = contact.asked_at if contact.channel in LIVE else contact.due_at
        if since:
            waited = (world.now - since).total_seconds()
            longest[contact.queue_id] = max(waited, longest.get(contact.queue_id, 0.0))
    found = ((queue.id, longest[queue.id]) for queue in world.of_rule(rule) if queue.id in longest)
    return [Reading(f"queue:{id}", max(0.0, waited), waited > rule.threshold, queue_id=id) for id, waited in found]


def _abandoned(rule: Rule, world: World) -> list[Reading]:
    window = timedelta(minutes=rule.window_minutes)
    found = []
    for queue in world.of_rule(rule):
        left, answered = (within(moments, world.now, window) for moments in world.settled.get(queue.id, ((), ())))
        share = share_left(left, answered, rule.at_least)
        if share is not None:
            found.append(Reading(f"queue:{queue.id}", share, share > rule.threshold, queue_id=queue.id))
    return found


def _low_rating(rule: Rule, world: World) -> list[Reading]:
    since = max(rule.created_at, world.now - NEW)
    queues = {queue.id for queue in world.of_rule(rule)}
    rows = Response.objects.filter(at__gte=since, score__lte=rule.threshold).select_related("invitation__contact")
    return [
        Reading(
            f"response:{row.id}",
            row.score,
            True,
            queue_id=row.invitation.contact.queue_id,
            contact_id=row.invitation.contact_id,
            person_id=row.invitation.about_id,
        )
        for row in rows
        if row.invitation.contact.queue_id in queues
    ]


def _silent(rule: Rule, world: World) -> list[Reading]:
    whose = "theirs" if rule.kind == Kind.CUSTOMER_SILENT else "ours"
    queues = {queue.id for queue in world.of_rule(rule)}
    return [
        Reading(
            f"contact:{contact.id}",
            minutes,
            minutes >= rule.threshold,
            queue_id=contact.queue_id,
            contact_id=contact.id,
            person_id=contact.assignee_id,
        )
        for contact in world.served
        if contact.turn == whose and contact.queue_id in queues
        for minutes in [(world.now - contact.turn_since).total_seconds() / 60]
    ]


def _nobody_ready(rule: Rule, world: World) -> list[Reading]:
    return [
        Reading(f"queue:{queue.id}", 0, queue.id not in world.ready, queue_id=queue.id)
        for queue in world.of_rule(rule)
        if queue.brand_id in world.open_now
    ]


def _failing(rule: Rule, world: World) -> list[Reading]:
    found = [(name, one) for name, read in FAILING.items() for one in read()]
    ages = [(name, one, (world.now - one.since).total_seconds() / 60) for name, one in found]
    return [Reading(f"{name}:{one.id}", age, age >= rule.threshold, label=one.name) for name, one, age in ages]


_READERS: dict[Kind, Callable[[Rule, World], list[Reading]]] = {
    Kind.LONGEST_WAIT: _longest_wait,
    Kind.ABANDONED: _abandoned,
    Kind.LOW_RATING: _low_rating,
    Kind.CUSTOMER_SILENT: _silent,
    Kind.COLLEAGUE_SILENT: _silent,
    Kind.NOBODY_READY: _nobody_ready,
    Kind.WEBHOOK_FAILING: _failing,
}
