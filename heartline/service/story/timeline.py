"""A customer's timeline over all cases and channels: what happened, what was said, what other systems told; by pages.

It follows the ledger from the newest entry back. Words stay in the tables: an entry of a message is shown with the
message as it stands there now, folded with its neighbours of the same contact into one row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from heartline.common.markup import bare
from heartline.common.questions import written_once
from heartline.common.text import fold
from heartline.conversations.models import Case, Contact, Message, Tried
from heartline.conversations.queries import readable_cases_of
from heartline.customers.models import Customer
from heartline.customers.outside.models import OutsideEvent
from heartline.customers.outside.queries import titles_of
from heartline.customers.queries import known_before_as
from heartline.ledger.models import Entry
from heartline.ledger.positions import Position
from heartline.ledger.queries import history
from heartline.people.models import Person
from heartline.people.models.organisation import CHANNELS
from heartline.people.queries import Scope
from heartline.service.queries import contact_reasons, queues_by_id, reason_name
from heartline.service.story.words import TELLERS, Names, Told, tell
from heartline.ui.formats import money
from heartline.voice_of_customer.models import Response

Row = dict[str, Any]

LINES = 30
MESSAGES = 200
LINES_OF_CUSTOMER = 60
SEARCHED = 2000
FOUND = 50
SHOWN_OF_MESSAGE = 400
SAID = "conversations.message_added"
RATED = "voice_of_customer.responded"
OUTSIDE = "customers.outside_event"
PEOPLE_IN_EVENTS = ("person_id", "from_person_id", "preferred_id", "owner_id", "expert_id", "from_expert_id")
CHANNEL_SIGNS = {"webchat": "chat", "webform": "form", "callback": "callback"}
# What a reader can narrow a timeline to, and the kinds that are behind each.
FILTERS = {
    "all": frozenset(TELLERS) | {SAID},
    "said": frozenset({SAID}),
    "contacts": frozenset(kind for kind in TELLERS if kind.startswith(("conversations.contact_", "routing."))),
    "owed": frozenset(kind for kind in TELLERS if kind.startswith("promises.")) | {"conversations.task_changed"},
    "ratings": frozenset({RATED}),
    "outside": frozenset({OUTSIDE}),
    "experts": frozenset({"conversations.consultation_changed"}),
}


@dataclass(frozen=True)
class Reach:
    """How much of a customer's story a reader gets: all of it, or that of one case; and whose words they may read."""

    about: dict[str, Any]
    readable: frozenset[int]
    customer_ids: tuple[int, ...]


@dataclass(frozen=True)
class Place:
    """How far a timeline was read: the last entry of the ledger, and the last event of another system."""

    entry: Position | None = None
    event: tuple[datetime, int] | None = None

    @classmethod
    def parse(cls, text: str) -> Place:
        """Return the place a text names; its beginning for anything else."""
        entry, _sep, rest = text.partition("~")
        at, _sep, id = rest.partition("~")
        try:
            event = (_in_utc(datetime.fromisoformat(at)), int(id)) if rest else None
        except (ValueError, OverflowError):
            event = None
        return cls(Position.parse(entry), event)

    def after(self, entries: list[Entry], events: list[OutsideEvent]) -> Place:
        """Return the place behind a page."""
        entry = _place(entries[-1]) if entries else self.entry
        return Place(entry, (events[-1].happened_at, events[-1].pk) if events else self.event)

    def __str__(self) -> str:
        told = f"{self.event[0].isoformat()}~{self.event[1]}" if self.event else ""
        return f"{self.entry or ''}~{told}" if told else str(self.entry or "")


@dataclass(frozen=True)
class Narrowed:
    """What of a timeline is wanted: one channel, from a moment on, before a moment. Nothing chosen is everything."""

    channel: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def of_entries(self) -> Q:
        """What the ledger is asked for; what has no contact has no channel."""
        wanted = Q(contact_id__in=Contact.objects.filter(channel=self.channel).values("id")) if self.channel else Q()
        return wanted & self._in_time("at")

    @property
    def of_events(self) -> Q:
        """What is asked for of what other systems told, which came on no channel of ours."""
        return Q(pk__in=()) if self.channel else self._in_time("happened_at")

    def _in_time(self, name: str) -> Q:
        start = Q(**{f"{name}__gte": self.since}) if self.since else Q()
        return start & Q(**{f"{name}__lt": self.until}) if self.until else start


EVERYTHING = Narrowed()
DAYS = (7, 30, 90, 365)


def narrowed_by(channel: str, days: str, now: datetime) -> Narrowed:
    """Return what somebody chose at the desk; what nobody knows narrows nothing."""
    since = now - timedelta(days=int(days)) if days in map(str, DAYS) else None
    return Narrowed(channel if channel in dict(CHANNELS) else "", since)


@dataclass(frozen=True)
class Known:
    """What things and people in events are called, as far as it was asked for already."""

    queues: dict[int, str]
    reasons: dict[int, str]
    people: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Page:
    """A stretch of a timeline, newest first, and where the next begins; empty when there is no more."""

    rows: list[Row]
    next: str


def reach_of(scope: Scope, case: Case) -> Reach:
    """Return how far a reader of a case gets.

    Who serves customers gets the whole story (guarantee 2); an expert gets that of the case they were asked into.
    What was said is read only in cases that are the reader's to open.
    """
    if not scope.may("contact.serve"):
        return Reach({"case_id": case.id}, frozenset({case.id}), ())
    ids = tuple(known_before_as(case.customer))
    readable = readable_cases_of(scope, case.customer_id)
    return Reach({"customer_id__in": ids}, frozenset({case.id, *readable}), ids)


def page_for(
    reach: Reach,
    shown: str = "all",
    before: str = "",
    *,
    narrowed: Narrowed = EVERYTHING,
    known: Known | None = None,
) -> Page:
    """Return the next stretch of a timeline after a place; a filter nobody knows shows everything.

    The ledger is read in its order, what other systems told by when it happened: a page ends at one moment for both.
    """
    kinds, place = FILTERS.get(shown, FILTERS["all"]), Place.parse(before)
    entries = _entries(reach, kinds, place, narrowed)
    events = _told_outside(reach, place, narrowed) if OUTSIDE in kinds else []
    full = [entries[1][-1].at] if entries[0] else []
    if len(events) > LINES:
        events.pop()
        full.append(events[-1].happened_at)
    if not full:
        return Page(_merged(entries[1], events, reach, known), "")
    end = max(full)
    shown_entries = list(takewhile(lambda entry: entry.at >= end, entries[1]))
    shown_events = [event for event in events if event.happened_at >= end]
    return Page(_merged(shown_entries, shown_events, reach, known), str(place.after(shown_entries, shown_events)))


def _entries(
    reach: Reach, kinds: frozenset[str], place: Place, narrowed: Narrowed = EVERYTHING
) -> tuple[bool, list[Entry]]:
    """Return the next entries of the ledger, and whether there are more."""
    happened = kinds - {SAID, OUTSIDE}
    lines = _recorded(reach, happened, LINES + 1, place.entry, narrowed) if happened else []
    said = _recorded(reach, frozenset({SAID}), MESSAGES + 1, place.entry, narrowed) if SAID in kinds else []
    full = [rows[limit - 1] for rows, limit in ((lines, LINES), (said, MESSAGES)) if len(rows) > limit]
    entries = sorted([*lines, *said], key=_place, reverse=True)
    if not full:
        return False, entries
    cut = max(map(_place, full))
    return True, [entry for entry in entries if _place(entry) >= cut]


def _recorded(
    reach: Reach, kinds: frozenset[str], most: int, before: Position | None, narrowed: Narrowed
) -> list[Entry]:
    ((by, about),) = reach.about.items()
    if narrowed != EVERYTHING:  # asked by hand: not worth a question of its own that is written once
        earlier = Q(epoch_tx=before.tx, id__lt=before.id) | Q(epoch_tx__lt=before.tx) if before else Q()
        return list(history(**reach.about).filter(earlier, narrowed.of_entries, kind__in=sorted(kinds))[:most])
    if before is None:
        return _newest(about, by=by, kinds=kinds, most=most)
    return _before(about, before.tx, before.id, by=by, kinds=kinds, most=most)


@written_once
def _newest(about: Any, *, by: str, kinds: frozenset[str], most: int) -> QuerySet[Entry]:
    return history(**{by: about}).filter(kind__in=sorted(kinds))[:most]


@written_once
def _before(about: Any, tx: int, id: int, *, by: str, kinds: frozenset[str], most: int) -> QuerySet[Entry]:
    earlier = Q(epoch_tx=tx, id__lt=id) | Q(epoch_tx__lt=tx)
    return history(**{by: about}).filter(earlier, kind__in=sorted(kinds))[:most]


def _told_outside(reach: Reach, place: Place, narrowed: Narrowed = EVERYTHING) -> list[OutsideEvent]:
    if not reach.customer_ids:
        return []
    if narrowed != EVERYTHING:
        at, id = place.event or (None, 0)
        earlier = Q(happened_at__lt=at) | Q(happened_at=at, id__lt=id) if at else Q()
        events = OutsideEvent.objects.filter(earlier, narrowed.of_events, customer_id__in=reach.customer_ids)
        return list(events.order_by("-happened_at", "-id")[: LINES + 1])
    if place.event is None:
        return _last_events(reach.customer_ids)
    return _events_before(reach.customer_ids, *place.event)


@written_once
def _last_events(customer_ids: Collection[int]) -> QuerySet[OutsideEvent]:
    return OutsideEvent.objects.filter(customer_id__in=customer_ids).order_by("-happened_at", "-id")[: LINES + 1]


@written_once
def _events_before(customer_ids: Collection[int], at: datetime, id: int) -> QuerySet[OutsideEvent]:
    earlier = Q(happened_at__lt=at) | Q(happened_at=at, id__lt=id)
    events = OutsideEvent.objects.filter(earlier, customer_id__in=customer_ids)
    return events.order_by("-happened_at", "-id")[: LINES + 1]


def _merged(entries: list[Entry], events: list[OutsideEvent], reach: Reach, known: Known | None) -> list[Row]:
    rows = [*_rows(entries, reach, known), *map(_told_row, events)]
    return sorted(rows, key=lambda row: str(row["at"]), reverse=True)


def lines_about(customer: Customer) -> tuple[list[Row], bool]:
    """Return what has happened to a customer, newest first, and whether there is more; for who may see the whole story."""
    told = history().filter(customer_id__in=known_before_as(customer), kind__in=list(TELLERS))
    entries = list(told[: LINES_OF_CUSTOMER + 1])
    return told_lines(entries[:LINES_OF_CUSTOMER]), len(entries) > LINES_OF_CUSTOMER


def lines_for(reach: Reach, limit: int) -> tuple[list[Row], bool]:
    """Return what happened, without what was said, newest first, and whether there is more."""
    entries = list(history(**reach.about).filter(kind__in=list(TELLERS))[: limit + 1])
    return told_lines(entries[:limit]), len(entries) > limit


def told_lines(entries: Iterable[Entry], *, known: Known | None = None) -> list[Row]:
    """Return entries in words, those with nothing to tell left out."""
    found = list(entries)
    names = _names(found, known)
    return [line for entry in found if (line := _line(entry, names))]


def found_in(reach: Reach, case: Case, words: str) -> list[Row]:
    """Return what was said, rated and told from outside with some words in it, newest first."""
    wanted = fold(words).split()
    about = Q(case__customer_id=case.customer_id, case_id__in=reach.readable) if reach.customer_ids else Q(case=case)
    said = Message.objects.filter(about).select_related("contact").order_by("-id")[:SEARCHED]
    rows = [_talk([message], message.contact.channel) for message in said if _has(wanted, message.body)]
    rated = Response.objects.filter(about).exclude(comment="").order_by("-id")[:SEARCHED]
    rows += [_rating(answer) for answer in rated if _has(wanted, answer.comment)]
    if reach.customer_ids:
        told = OutsideEvent.objects.filter(customer_id=case.customer_id).order_by("-id")[:SEARCHED]
        rows += [_told_row(event) for event in told if _has(wanted, f"{event.title} {event.text} {event.key}")]
    return sorted(rows, key=lambda row: str(row["at"]), reverse=True)[:FOUND]


def _in_utc(moment: datetime) -> datetime:
    """Raises ValueError for a moment without a zone, OverflowError for one that lies outside all years in UTC."""
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment.astimezone(UTC)


def _has(wanted: list[str], text: str) -> bool:
    folded = fold(text)
    return bool(wanted) and all(word in folded for word in wanted)


def _place(entry: Entry) -> Position:
    return Position(entry.epoch_tx, entry.id)


def _rows(entries: list[Entry], reach: Reach, known: Known | None) -> list[Row]:
    names, messages, comments = _names(entries, known), _messages(entries), _comments(entries)
    rows: list[Row] = []
    for entry in entries:
        if entry.kind == SAID:
            _add_said(rows, entry, messages.get(entry.body["message_id"]), reach)
        elif line := _line(entry, names):
            if entry.kind == RATED:
                line["quote"] = comments.get(entry.body["invitation_id"], "")
            rows.append(line)
    return rows


def _add_said(rows: list[Row], entry: Entry, message: Message | None, reach: Reach) -> None:
    """Add a message to the row of its contact, when that row is the last one, or begin a row."""
    if message is None:  # gone with its customer's wish
        return
    last = rows[-1] if rows else {}
    if last.get("contact_id") != message.contact_id:
        rows.append(last := _talk([], entry.body["channel"]) | {"contact_id": message.contact_id})
        last |= {"id": str(_place(entry)), "at": entry.at.isoformat(), "case_id": message.case_id}
    last["count"] += 1
    last["text"] = _count_words(last["channel"], last["count"])
    if message.case_id in reach.readable:
        last["messages"].insert(0, _said(message))


def _talk(messages: list[Message], channel: str) -> Row:
    first = messages[0] if messages else None
    return {
        "id": f"m{first.id}" if first else "",
        "at": first.at.isoformat() if first else "",
        "case_id": first.case_id if first else None,
        "contact_id": first.contact_id if first else 0,
        "icon": CHANNEL_SIGNS.get(channel, "messaging"),
        "tone": "",
        "channel": channel,
        "text": _count_words(channel, len(messages)),
        "count": len(messages),
        "messages": [_said(message) for message in messages],
    }


def _count_words(channel: str, count: int) -> str:
    values = {"channel": str(dict(CHANNELS).get(channel, channel)), "n": count}
    return ngettext("%(channel)s: 1 message", "%(channel)s: %(n)s messages", count) % values


def _said(message: Message) -> Row:
    words = bare(message.body) if message.author_kind == "person" else message.body
    return {
        "id": message.id,
        "kind": message.kind,
        "author_kind": message.author_kind,
        "author_name": message.author_name,
        "text": words[:SHOWN_OF_MESSAGE],
        "at": message.at.isoformat(),
    }


def _rating(answer: Response) -> Row:
    told = tell(RATED, {"score": answer.score}, "", Names({}, {}, {}))
    line = {"icon": told.icon, "tone": told.tone, "text": told.text} if told else {}
    return {"id": f"r{answer.pk}", "at": answer.at.isoformat(), "case_id": answer.case_id, **line} | {
        "quote": answer.comment
    }


def _told_row(event: OutsideEvent) -> Row:
    row = {"id": f"o{event.pk}", "at": event.happened_at.isoformat(), "case_id": None, "icon": "external-link"}
    return {**row, "tone": "", "text": event.title, "card": _card(event)}


def _card(event: OutsideEvent) -> Row:
    amount = money(event.amount, event.currency, language=get_language() or "en") if event.amount is not None else ""
    return {"what": event.what, "source": event.source, "text": event.text, "url": event.url, "amount": amount}


def _line(entry: Entry, names: Names) -> Row | None:
    told = _tell(entry, names)
    if told is None:
        return None
    row = {"id": str(_place(entry)), "at": entry.at.isoformat(), "case_id": entry.case_id}
    return {**row, "icon": told.icon, "tone": told.tone, "text": told.text}


def _tell(entry: Entry, names: Names) -> Told | None:
    actor = {"customer": _("The customer"), "system": "Heartline"}.get(entry.actor_kind, entry.actor_name)
    return tell(entry.kind, entry.body, actor, names)


def known_names() -> Known:
    """Return what queues and reasons are called; people are added as they are met, so that nobody is asked for twice."""
    queues = {queue.id: queue.name for queue in queues_by_id()}
    return Known(queues, {reason.id: reason_name(reason) for reason in contact_reasons()})


def _names(entries: list[Entry], known: Known | None = None) -> Names:
    known = known or known_names()
    named = {entry.body[name] for entry in entries for name in PEOPLE_IN_EVENTS if entry.body.get(name)}
    if unmet := named - known.people.keys():
        known.people.update(_people_named(unmet))
    outside = titles_of(_ids(entries, "outside_id"))
    tried_ids = _ids(entries, "tried_id")
    tried = dict(_tried_named(tried_ids)) if tried_ids else {}
    return Names(known.people, known.queues, known.reasons, outside, tried)


@written_once
def _people_named(ids: Collection[int]) -> QuerySet[Person, tuple[int, str]]:
    return Person.objects.filter(id__in=ids).values_list("id", "name")


@written_once
def _tried_named(ids: Collection[int]) -> QuerySet[Tried, tuple[int, str]]:
    return Tried.objects.filter(id__in=ids).values_list("id", "label")


def _messages(entries: list[Entry]) -> Mapping[int, Message]:
    ids = _ids(entries, "message_id") if any(entry.kind == SAID for entry in entries) else set()
    return {message.id: message for message in _messages_by_id(ids)} if ids else {}


@written_once
def _messages_by_id(ids: Collection[int]) -> QuerySet[Message]:
    return Message.objects.filter(id__in=ids)


def _comments(entries: list[Entry]) -> dict[int, str]:
    ids = {entry.body["invitation_id"] for entry in entries if entry.kind == RATED}
    return dict(Response.objects.filter(invitation_id__in=ids).values_list("invitation_id", "comment")) if ids else {}


def _ids(entries: list[Entry], name: str) -> set[int]:
    return {entry.body[name] for entry in entries if name in entry.body}
