"""Who is on the floor, what each one does and since when, and who could take something now. Nobody is ranked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heartline.conversations.models import Assignment, Contact
from heartline.people.models import Capacity, Person, PersonLanguage, Presence, PresenceState, Queue
from heartline.people.models.presence import REASONS
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import Scope, channel_words, colleagues
from heartline.routing.models import Offer, OfferState
from heartline.service.floor.waits import who_is

GONE = (PresenceState.OFFLINE, PresenceState.AWAY)


@dataclass(frozen=True)
class InHand:
    """A contact in somebody's hands; without names for readers who have no right to them."""

    contact_id: int
    case_id: int
    who: str
    subject: str
    wants: str
    channel: str
    state: str
    since: datetime
    is_ours: bool


@dataclass(frozen=True)
class Load:
    """How many contacts of a channel a person has, of how many they take at once."""

    channel: str
    name: str
    held: int
    limit: int


@dataclass(frozen=True)
class PersonLine:
    """A person on the floor. `doing` is serving, wrap_up, or their presence; `since` is when that began."""

    id: int
    name: str
    state: str
    reason: str
    doing: str
    words: str
    since: datetime | None
    serves: bool
    queues: frozenset[int]
    languages: frozenset[str]
    loads: tuple[Load, ...]
    hands: tuple[InHand, ...]
    missed_offer: bool

    @property
    def is_here(self) -> bool:
        """Whether they are signed in, or still have a customer."""
        return self.state not in GONE or bool(self.hands)

    @property
    def active(self) -> int:
        """How many customers they serve now."""
        return sum(one.state == "active" for one in self.hands)

    def serves_queue(self, queue: Queue, channel: str) -> bool:
        """Return whether work of a queue on a channel is theirs to do."""
        takes = any(load.channel == channel and load.limit for load in self.loads)
        speaks = not queue.language or queue.language in self.languages
        return self.serves and queue.id in self.queues and takes and speaks

    def is_free_for(self, channel: str) -> bool:
        """Return whether they can be offered one more of a channel now."""
        room = any(load.channel == channel and load.held < load.limit for load in self.loads)
        return self.state == PresenceState.AVAILABLE and room


def people_on(scope: Scope, contacts: Iterable[Contact]) -> tuple[PersonLine, ...]:
    """Return the colleagues who work with customers, by name."""
    people = [person for person in colleagues(scope) if person.role in ROLES_WITH["presence.own"]]
    hands: dict[int, list[Contact]] = defaultdict(list)
    for contact in contacts:
        if contact.assignee_id:
            hands[contact.assignee_id].append(contact)
    known = _known_of([person.id for person in people])
    wanted = [person for person in people if person.role != "admin" or hands[person.id] or _is_reachable(person)]
    return tuple(_line(scope, person, hands[person.id], known) for person in wanted)


@dataclass(frozen=True)
class _Known:
    """What is read of everybody at once."""

    limits: dict[int, dict[str, int]]
    languages: dict[int, set[str]]
    queues: dict[int, set[int]]
    pending: Counter[tuple[int, str]]
    started: dict[int, datetime]

    @property
    def offered(self) -> Counter[int]:
        """How many offers wait for each person's answer."""
        return Counter(person for person, _channel in self.pending.elements())


def _known_of(ids: list[int]) -> _Known:
    limits: dict[int, dict[str, int]] = defaultdict(dict)
    for person, channel, limit in Capacity.objects.filter(person__in=ids).values_list("person_id", "channel", "limit"):
        limits[person][channel] = limit
    languages: dict[int, set[str]] = defaultdict(set)
    for person, language in PersonLanguage.objects.filter(person__in=ids).values_list("person_id", "language"):
        languages[person].add(language)
    queues: dict[int, set[int]] = defaultdict(set)
    members = Person.objects.filter(id__in=ids, teams__queues__isnull=False)
    for person, queue in members.values_list("id", "teams__queues"):
        queues[person].add(queue)
    pending = Offer.objects.filter(state=OfferState.PENDING, person__in=ids)
    live = Assignment.objects.filter(ended_at=None, person__in=ids)
    return _Known(
        limits=limits,
        languages=languages,
        queues=queues,
        pending=Counter(pending.values_list("person_id", "contact__channel")),
        started=dict(live.values_list("contact_id", "started_at")),
    )


def _line(scope: Scope, person: Person, hands: list[Contact], known: _Known) -> PersonLine:
    presence: Presence | None = getattr(person, "presence", None)
    state = presence.state if presence else PresenceState.OFFLINE.value
    held = tuple(_in_hand(scope, contact, known) for contact in hands)
    doing, since = _doing(state, presence, held)
    reason = presence.reason if presence else ""
    return PersonLine(
        id=person.id,
        name=person.name,
        state=state,
        reason=reason,
        doing=doing,
        words=_words(doing, reason, held, known.offered[person.id]),
        since=since,
        serves=person.role in ROLES_WITH["contact.serve"],
        queues=frozenset(known.queues[person.id]),
        languages=frozenset(known.languages[person.id]),
        loads=_loads(person.id, hands, known),
        hands=held,
        missed_offer=reason == "missed_offer",
    )


def _in_hand(scope: Scope, contact: Contact, known: _Known) -> InHand:
    ours = scope.sees_queue(contact.queue_id)
    names = ours and scope.may("personal.read")
    wrapping = contact.state == "wrap_up" and contact.ended_at
    return InHand(
        contact_id=contact.id,
        case_id=contact.case_id,
        who=who_is(contact, names),
        subject=contact.case.subject if names else "",
        wants=(contact.case.wants or contact.case.subject) if names else "",
        channel=contact.channel,
        state=contact.state,
        since=wrapping or known.started.get(contact.id) or contact.asked_at,
        is_ours=ours,
    )


def _doing(state: str, presence: Presence | None, hands: tuple[InHand, ...]) -> tuple[str, datetime | None]:
    """Customers come before presence: who is on a break and still has a chat is serving."""
    active = [one.since for one in hands if one.state == "active"]
    if active:
        return "serving", min(active)
    if hands:
        return "wrap_up", min(one.since for one in hands)
    return state, presence.since if presence else None


def _words(doing: str, reason: str, hands: tuple[InHand, ...], offered: int) -> str:
    if offered:
        return _("has an offer")
    if doing == "serving":
        count = sum(one.state == "active" for one in hands)
        return ngettext("%(n)s contact", "%(n)s contacts", count) % {"n": count}
    if doing == "wrap_up":
        return _("wrap-up")
    if reason in REASONS:
        return str(REASONS[reason])
    return _("free") if doing == PresenceState.AVAILABLE else str(PresenceState(doing).label)


def _loads(person_id: int, hands: list[Contact], known: _Known) -> tuple[Load, ...]:
    held = Counter(contact.channel for contact in hands)
    names = channel_words()
    return tuple(
        Load(channel, names.get(channel, channel), held[channel] + known.pending[person_id, channel], limit)
        for channel, limit in known.limits[person_id].items()
    )


def _is_reachable(person: Person) -> bool:
    presence: Presence | None = getattr(person, "presence", None)
    return presence is not None and presence.state not in GONE
