"""Reading for the router: who waits and who serves, as the pure rules want it, and what may be said about a wait.

Explanations name colleagues: they are for staff who may see the contact, never for its customer.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from heartline.common.questions import written_once
from heartline.conversations.models import Assignment, Contact, Tried
from heartline.people.models import (
    Person,
    Presence,
    PresenceState,
    Skill,
)
from heartline.people.permissions import ROLES_WITH
from heartline.routing import needs, rules
from heartline.routing.controls import reading as controls
from heartline.routing.crew import Crew
from heartline.routing.lending import lent
from heartline.routing.models import Offer, OfferState
from heartline.routing.plans.queries import current_plan, in_use
from heartline.routing.rules.marks import Lent

# People who are away or offline cannot come back by a call across the room.
SIGNED_IN = (PresenceState.AVAILABLE, PresenceState.BREAK, PresenceState.NOT_READY)
IN_HAND = ("active", "wrap_up")
# The number and the name of whom something is offered to.
NOBODY = (0, "")


@dataclass(frozen=True)
class Situation:
    """Everything a decision needs, read at one moment by a fixed number of queries."""

    works: list[rules.Work]
    servers: list[rules.Server]
    plan: rules.Plan = rules.DEFAULT
    lent: Lent = frozenset()


@dataclass(frozen=True)
class Explanation:
    """Where a waiting contact stands in its queue and channel (1 = next), what it counts for, and why it waits."""

    position: int
    order: rules.Reasons
    why: rules.Reasons


def situation() -> Situation:
    """Return who waits and who serves."""
    plan, crew = current_plan(), Crew()
    works = _works(_rows(plan), plan, crew)
    return Situation(works, _servers(_here(), crew) if works else [], plan, _lent(plan))


def situation_for_offers(crew: Crew | None = None) -> Situation:
    """Return who waits and who serves, as far as an offer could come of it now.

    On a large floor that is a fraction: of those who serve, who is available and of a queue whose work is not offered
    yet, or asked for by name, busy or not; of those who wait, whom somebody free might serve, on channels that one of
    them takes now. When everybody is busy nobody is looked for, however many wait. With a `crew` only what it does not
    know yet is read of what people can do.
    """
    crew, wishes = crew or Crew(), set(_wishes())
    if not wishes:
        return Situation([], [])
    plan = current_plan(next(iter(wishes))[0] or 0)
    helped = _lent(plan)
    named = {person for *_one, preferred, pinned in wishes for person in (preferred, pinned) if person}
    queues = {queue for _number, queue, *_people in wishes}
    wanted = "available" if plan.reaches_beyond else "available for"
    servers = _servers(_serving(sorted(queues), sorted(named), wanted=wanted), crew)
    rows = _rows_for(servers, plan)
    return Situation(_works(rows, plan, crew), servers, plan, helped)


@written_once
def _wishes() -> QuerySet[Contact, Any]:
    """Return the number of the plan in use, and for what waits unoffered its queue and whom it asks for by name."""
    offered = Offer.objects.filter(state=OfferState.PENDING).values("contact_id")
    asking = Contact.objects.filter(state="waiting").exclude(id__in=offered).order_by()
    number = Subquery(in_use().values("number")[:1])  # a question of its own would be one more each time
    return asking.values_list(number, "queue_id", "preferred_id", "control__pinned_to").distinct()


def _lent(plan: rules.Plan) -> Lent:
    return lent() if any(way.borrow for way in plan.queues.values()) else frozenset()


def pending_offers_for(person: Person) -> list[Offer]:
    """Return the offers that wait for a person's answer, oldest first."""
    related = ("contact", "contact__case", "contact__customer", "contact__queue")
    pending = Offer.objects.filter(person=person, state=OfferState.PENDING)
    return list(pending.select_related(*related).order_by("offered_at", "id"))


def explanations(now: datetime) -> dict[int, Explanation]:
    """Return the explanation of every waiting contact by its id, in a fixed number of queries."""
    known = situation()
    names = skill_names()
    seen: Counter[tuple[int, str]] = Counter()
    found = {}
    for work in rules.in_order(known.works, now, known.plan):
        line = (work.queue_id, work.channel)
        seen[line] += not work.is_held_back(now)
        order = rules.rank(work, now, known.plan).reasons()
        why = rules.why_waiting(work, known.servers, now, known.plan, known.lent)
        found[work.id] = Explanation(max(1, seen[line]), order, with_skill_names(why, names))
    return found


def why_waiting(contact: Contact, now: datetime) -> rules.Reasons:
    """Return why a contact waits as codes and values for `words.sentence`; empty when it does not wait."""
    found = explanations(now).get(contact.id)
    return found.why if found else ()


def order_reasons(contact: Contact, now: datetime) -> rules.Reasons:
    """Return what a waiting contact counts for in the order; empty when it does not wait."""
    found = explanations(now).get(contact.id)
    return found.order if found else ()


def waiting_in(queue_id: int, channel: str) -> list[rules.Work]:
    """Return who waits in a line, with what their order is made from and no more."""
    plan = current_plan()
    rows = _waiting(
        [queue_id], [], [channel], wanted="line", last=plan.keeps_for_last, needed=needs.counted(plan.order)
    )
    return [_work(row, {}, NOBODY, {}, None, plan) for row in rows]


def offered_in(queue_id: int, channel: str) -> int:
    """Return how many of those who wait in a line are offered to somebody right now."""
    pending = Offer.objects.filter(state=OfferState.PENDING, contact__queue=queue_id, contact__channel=channel)
    return pending.count()


def available_in(queue_id: int) -> list[rules.Server]:
    """Return who serves a queue and is available, with hands full or not."""
    return _servers(_serving([queue_id], [], wanted="available for"), Crew())


def with_skill_names(reasons: rules.Reasons, names: Mapping[str, dict[str, str]] | None = None) -> rules.Reasons:
    """Return reasons whose skills carry their names, so that sentences need no tables."""
    if not any("skill" in params for _, params in reasons):
        return reasons
    known = skill_names() if names is None else names
    return tuple((code, {**params, **known.get(params.get("skill", ""), {})}) for code, params in reasons)


def in_hand(person: Person, channel: str) -> int:
    """Return how many places of a channel a person has in use: contacts in hand, and offers not yet answered."""
    mine = Contact.objects.filter(assignee=person, state__in=IN_HAND, channel=channel).count()
    offers = Offer.objects.filter(person=person, state=OfferState.PENDING, contact__channel=channel)
    return mine + offers.count()


def _rows(plan: rules.Plan) -> list[Any]:
    """Return what is asked of each waiting contact for the order alone."""
    return _waiting([], [], [], wanted="all", last=plan.keeps_for_last, needed=needs.counted(plan.order))


def _rows_for(servers: list[rules.Server], plan: rules.Plan) -> list[Any]:
    """Return the same of contacts that somebody might serve who is free for their channel; nothing when nobody is."""
    taken = [(one, [channel for channel in one.limits if one.takes(channel, plan.people)]) for one in servers]
    free = [one for one, channels in taken if channels]
    if not free:
        return []
    channels = sorted(set().union(*(channels for _one, channels in taken)))
    queues, people = sorted(set().union(*(one.queues for one in free))), [one.id for one in free]
    wanted, needed = "taken" if plan.reaches_beyond else "reach", needs.counted(plan.order)
    return _waiting(queues, people, channels, wanted=wanted, last=plan.keeps_for_last, needed=needed)


@written_once
def _waiting(
    queues: Sequence[int],
    people: Sequence[int],
    channels: Sequence[str],
    *,
    wanted: str,
    last: bool,
    needed: tuple[str, ...],
) -> QuerySet[Contact, Any]:
    served = Assignment.objects.filter(contact__case=OuterRef("case_id"), ended_at__isnull=False)
    served_last = Subquery(served.order_by("-ended_at").values("person_id")[:1])
    taken = Q(channel__in=channels)
    only = {
        "all": Q(),
        "line": Q(queue_id__in=queues) & taken,
        "taken": taken,
        "reach": taken & (Q(queue_id__in=queues) | Q(preferred_id__in=people) | Q(control__pinned_to__in=people)),
    }
    return Contact.objects.filter(only[wanted], state="waiting").values(
        "id",
        "queue_id",
        "channel",
        "language",
        "needs",
        "asked_at",
        "due_at",
        "preferred_id",
        "transfers",
        **controls.OF_WAITING,
        paused_until=controls.paused_until(),
        tier=F("customer__tier"),
        contacts_count=F("case__contacts_count"),
        owner_id=F("case__owner_id"),
        last_id=served_last if last else F("case__owner_id"),
        **needs.of_waiting(needed),
    )


def _works(rows: list[Any], plan: rules.Plan, crew: Crew) -> list[rules.Work]:
    if not rows:
        return []
    asked, offered = crew.skills_of_queues, {contact: person for contact, *person in _offered_to()}
    passed, returned = _passed_over([row["id"] for row in rows], timedelta(seconds=plan.people.not_again_for))
    return [
        _work(row, asked, offered.get(row["id"], NOBODY), passed[row["id"]], returned.get(row["id"]), plan)
        for row in rows
    ]


@written_once
def _offered_to() -> QuerySet[Offer, Any]:
    return (
        Offer.objects.filter(state=OfferState.PENDING).order_by().values_list("contact_id", "person_id", "person__name")
    )


def _work(
    row: Mapping[str, Any],
    asked: Mapping[int, Mapping[str, int]],
    offered_to: Sequence[Any],
    passed_over: Mapping[int, datetime | None],
    returned: datetime | None,
    plan: rules.Plan,
) -> rules.Work:
    needs = row["needs"] if isinstance(row["needs"], dict) else {}
    preferred = row["preferred_id"]
    return rules.Work(
        id=row["id"],
        queue_id=row["queue_id"],
        channel=row["channel"],
        asked_at=row["asked_at"],
        language=needs.get("language", row["language"]),
        skills=skills_for(needs, asked.get(row["queue_id"], {})),
        tier=row["tier"],
        contacts_count=row["contacts_count"],
        handed_over=row["transfers"] > 0,
        due_at=row["due_at"],
        preferred=preferred,
        preferred_until=(returned or row["asked_at"]) + timedelta(seconds=plan.people.named_for) if preferred else None,
        last_served_by=row["last_id"],
        owner=row["owner_id"],
        complaint=row["complaint"],
        broken_promise=row["broken_promise"],
        vulnerable=row["vulnerable"],
        offered_to_id=offered_to[0],
        offered_to=offered_to[1],
        manual_seconds=row["manual_seconds"] or 0,
        pinned_to=row["pinned_to"],
        pinned_until=row["pinned_until"],
        paused_until=row["paused_until"],
        passed_over=passed_over,
    )


def skills_for(needs: Mapping[str, Any], asked_by_queue: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Return the skills that work asks for: its own and its queue's, each at the higher level."""
    skills = dict(asked_by_queue)
    for key, level in dict(needs.get("skills") or {}).items():
        skills[key] = max(level if isinstance(level, int) else 1, skills.get(key, 0))
    return tuple(sorted(skills.items()))


def _passed_over(ids: list[int], spell: timedelta) -> tuple[dict[int, dict[int, datetime | None]], dict[int, datetime]]:
    """Return by contact who is not to be asked and until when, and when contacts came back to waiting.

    Whoever already had the matter and passed it on is in the case's tried ledger: never again (guarantee 3),
    unless asked for by name, which is a person's decision.
    """
    passed: dict[int, dict[int, datetime | None]] = defaultdict(dict)
    returned: dict[int, datetime] = {}
    for contact, person, at in _had(ids):
        passed[contact][person] = at + spell
        returned[contact] = at
    for contact, person, at, why in _refused(ids):
        passed[contact][person] = None if why in rules.DECLINED_FOR_GOOD else at + spell
    for contact, person in _friends(ids):
        passed[contact][person] = None
    for contact, key in _tried(ids):
        if key.isdecimal():  # a colleague; other keys name people outside
            passed[contact][int(key)] = None
    return passed, returned


@written_once
def _had(ids: Sequence[int]) -> QuerySet[Assignment, Any]:
    ended = Assignment.objects.filter(contact__in=ids, ended_at__isnull=False)
    return ended.order_by("ended_at").values_list("contact_id", "person_id", "ended_at")


@written_once
def _refused(ids: Sequence[int]) -> QuerySet[Offer, Any]:
    refused = Q(state__in=[OfferState.DECLINED, OfferState.EXPIRED]) | Q(end_reason="taken_back")
    offers = Offer.objects.filter(refused, contact__in=ids, ended_at__isnull=False).order_by("ended_at", "id")
    return offers.values_list("contact_id", "person_id", "ended_at", "end_reason")


@written_once
def _friends(ids: Sequence[int]) -> QuerySet[Offer, Any]:
    friends = Offer.objects.filter(end_reason="knows_customer", contact__customer__contacts__in=ids).order_by()
    return friends.values_list("contact__customer__contacts", "person_id")


@written_once
def _tried(ids: Sequence[int]) -> QuerySet[Tried, Any]:
    tried = Tried.objects.filter(kind="person", case__contacts__in=ids).order_by()
    return tried.values_list("case__contacts", "key")


def _here() -> list[Any]:
    """Return everybody who is signed in to serve."""
    return _serving([], [], wanted="signed in")


@written_once
def _serving(queues: Sequence[int], named: Sequence[int], *, wanted: str) -> QuerySet[Presence, Any]:
    serving = Q(state__in=SIGNED_IN, person__is_active=True, person__role__in=ROLES_WITH["contact.serve"])
    team = Person.objects.filter(teams__queues__in=queues)
    available = Q(state=PresenceState.AVAILABLE)
    only = {
        "signed in": Q(),
        "available": available | Q(person__in=named),
        "available for": (available & Q(person__in=team.values("id"))) | Q(person__in=named),
    }
    columns = ("person_id", "person__name", "state", "last_offered_at", "person__site_id", "person__expertise__answers")
    return Presence.objects.filter(serving, only[wanted]).order_by().values_list(*columns)


def _servers(people: list[Any], crew: Crew) -> list[rules.Server]:
    ids = [person for person, *_rest in people]
    able, (held, held_of, pending) = crew.of(ids), _held(ids)
    return [
        rules.Server(
            id=person,
            name=name,
            available=state == PresenceState.AVAILABLE,
            queues=frozenset(able[person].queues),
            languages=frozenset(able[person].languages),
            skills=able[person].skills,
            limits=able[person].limits,
            held=held[person],
            held_of=held_of[person],
            teams=frozenset(able[person].teams),
            site=site,
            expert=bool(answers),
            pending=pending[person],
            last_offered_at=last,
        )
        for person, name, state, last, site, answers in people
    ]


def _held(ids: list[int]) -> tuple[dict[int, Counter[str]], dict[int, Counter[int]], Counter[int]]:
    """Return by person how many contacts they hold, offers included, by channel and by queue, and how many offers."""
    held: dict[int, Counter[str]] = defaultdict(Counter)
    held_of: dict[int, Counter[int]] = defaultdict(Counter)
    pending: Counter[int] = Counter()
    for person, channel, queue, count in in_hands(ids):
        held[person][channel] += count
        held_of[person][queue] += count
    for person, channel, queue in offered_to_them(ids):
        held[person][channel] += 1
        held_of[person][queue] += 1
        pending[person] += 1
    return held, held_of, pending


@written_once
def in_hands(ids: Sequence[int]) -> QuerySet[Contact, Any]:
    """Return how many contacts people have in hand: person, channel, queue, count."""
    hands = Contact.objects.filter(state__in=IN_HAND, assignee__in=ids).order_by()
    return hands.values_list("assignee_id", "channel", "queue_id").annotate(n=Count("id"))


@written_once
def offered_to_them(ids: Sequence[int]) -> QuerySet[Offer, Any]:
    """Return what people are offered and have not answered: person, channel, queue."""
    pending = Offer.objects.filter(state=OfferState.PENDING, person__in=ids).order_by()
    return pending.values_list("person_id", "contact__channel", "contact__queue_id")


def skill_names() -> dict[str, dict[str, str]]:
    """Return the names of every skill, as sentences need them, by its key."""
    rows = Skill.objects.values_list("key", "name_en", "name_zh")
    return {key: {"skill_en": en, "skill_zh": zh or en} for key, en, zh in rows}
