"""What the front hall shows: a brand and its hours, honest waits, reasons that may fit, and a case to go on with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, NotFound
from heartline.common.ids import token_hash
from heartline.common.questions import first, written_once
from heartline.common.text import clean, one_line
from heartline.conversations.attachments.names import looks_like_token
from heartline.conversations.models import Attachment, Case, CaseLink, Contact, ContactReason, Message
from heartline.conversations.queries import leads_to
from heartline.conversations.voices import spoken_as, voice_of
from heartline.conversations.words import attachments_of
from heartline.people.models import Brand, Queue
from heartline.people.queries import calendar_of
from heartline.people.rules import Calendar
from heartline.promises.callbacks.models import Call
from heartline.promises.callbacks.queries import open_call
from heartline.promises.models import FollowUp
from heartline.reception import rules
from heartline.routing.controls.queries import pause_of, told_to_customers
from heartline.routing.controls.words import pause_words
from heartline.routing.waits.queries import expected_wait

WANT_LENGTH = 300
TRIED_LENGTH = 12
# Ways to us that somebody may have tried before, by the name they have in links and in the ledger of what was tried.
WAYS = ("phone", "webchat", "callback", "webform")
_KEY = re.compile(r"[\w-]{1,60}", re.ASCII)
STATUS_LINK_LASTS = timedelta(days=90)


@dataclass(frozen=True)
class Errand:
    """What somebody came for, and what they have tried already: carried along in every link, asked once."""

    want: str = ""
    about: ContactReason | None = None
    tried: tuple[str, ...] = ()

    def query(self, **more: str) -> str:
        """Return the errand as a query string for a link, with its question mark; empty when there is none."""
        about = self.about.key if self.about else ""
        values = {"want": self.want, "about": about, "tried": ",".join(self.tried), **more}
        given = {name: value for name, value in values.items() if value}
        return f"?{urlencode(given)}" if given else ""


@dataclass(frozen=True)
class Hall:
    """A brand as somebody finds it now, in one language."""

    brand: Brand
    language: str
    now: datetime
    errand: Errand
    case_token: str = ""
    """The secret of the case somebody wants to go on with, when they came from its page."""

    @cached_property
    def calendar(self) -> Calendar:
        """The brand's hours."""
        return calendar_of(self.brand)

    @cached_property
    def opening(self) -> rules.Opening:
        """Whether it can be reached now, and when otherwise."""
        return rules.opening(self.calendar, self.now)

    @cached_property
    def queue(self) -> Queue | None:
        """Who takes what comes in here, in this language; None in a house without any queue."""
        return queue_for(self.brand, self.language)

    @cached_property
    def chat_wait(self) -> tuple[int, int] | None:
        """From how many to how many minutes a chat waits now; None when that cannot be said."""
        if self.queue is None or self.chat_pause:
            return None
        return expected_wait(self.queue, "webchat", self.now, language=self.language)

    @cached_property
    def case(self) -> Case | None:
        """The case somebody goes on with, when its secret is right and it is one of this brand."""
        found = case_of_status_token(self.case_token, self.now) if self.case_token else None
        return found if found and found.brand_id == self.brand.id else None

    @cached_property
    def chat_pause(self) -> str:
        """What is said while nobody takes this brand's chats in this language; empty while somebody does."""
        pause = pause_of(self.queue.id, self.now) if self.queue else None
        zone = self.brand.site.time_zone
        return pause_words(pause, language=self.language, zone=zone, now=self.now) if pause else ""

    @cached_property
    def emergencies(self) -> list[str]:
        """What everybody must know at once."""
        return told_to_customers(self.brand, self.language, self.now)

    @property
    def reply_by(self) -> datetime | None:
        """By when a message left now is answered."""
        return reply_due(self.brand, self.calendar, self.now)

    @property
    def soonest_call(self) -> datetime:
        """By when somebody who wants to be called as soon as possible is called."""
        return rules.soonest_promise(self.calendar, self.now)

    @property
    def carried(self) -> str:
        """The query string that carries the errand, and the case when there is one, to the next page."""
        return self.errand.query(**({"case": "1"} if self.case_token else {}))

    @property
    def week(self) -> list[rules.DayHours]:
        """The hours of a week."""
        return rules.week_of(self.calendar.spans)


@dataclass(frozen=True)
class Suggestion:
    """A reason that may be what somebody means."""

    reason: ContactReason
    query: str


def brand_with(key: str | None) -> Brand:
    """Return the brand at an address, or the default one."""
    brands = Brand.objects.select_related("site").prefetch_related("hours", "holidays")
    found = brands.filter(key=key).first() if key else brands.order_by("-is_default", "id").first()
    if found is None:
        raise NotFound(_("There is nobody at this address"))
    return found


def language_for(brand: Brand, wanted: str) -> str:
    """Return the language a brand speaks with somebody: theirs when it can, else its own."""
    return wanted if wanted in brand.languages or not brand.languages else brand.default_language


def errand_from(values: dict[str, str]) -> Errand:
    """Return the errand that a link or a form carries; what it does not know is left out."""
    about = values.get("about", "")
    active = ContactReason.objects.filter(is_active=True).select_related("parent")
    reason = active.filter(key=about).first() if _KEY.fullmatch(about) else None
    want = one_line(clean(values.get("want", ""), WANT_LENGTH), WANT_LENGTH)
    return Errand(want, reason, known_tried(values.get("tried", "").split(",")))


def known_tried(keys: Iterable[str]) -> tuple[str, ...]:
    """Return those keys that mean something here: ways to us, and reasons that exist."""
    given = list(dict.fromkeys(key for key in keys if _KEY.fullmatch(key)))[:TRIED_LENGTH]
    reasons = set(ContactReason.objects.filter(key__in=given).values_list("key", flat=True)) if given else set()
    return tuple(key for key in given if key in WAYS or key in reasons)


def queue_for(brand: Brand, language: str) -> Queue | None:
    """Return the queue for a language: one that takes it, else the brand's default, else any of the brand."""
    queues = list(brand.queues.order_by("-is_default", "id"))
    speaking = [queue for queue in queues if queue.language == language]
    open_to_all = [queue for queue in queues if not queue.language]
    return next(iter(speaking + [queue for queue in queues if queue.is_default] + open_to_all + queues), None)


def working_queue(brand: Brand, language: str) -> Queue:
    """Return the queue for a language, or raise Conflict in a house without any."""
    queue = queue_for(brand, language)
    if queue is None:
        raise Conflict(_("Nobody can be reached here yet. Please call us"), code="no_queue")
    return queue


def reply_due(brand: Brand, calendar: Calendar, now: datetime) -> datetime | None:
    """Return by when a message is answered: the brand's hours of service count, nights do not."""
    return calendar.add_working(now, timedelta(hours=brand.message_reply_hours))


def countries_we_call(brand: Brand) -> tuple[str, ...]:
    """Return the countries whose numbers are called back."""
    return tuple(settings.CALLBACK_COUNTRIES) or (rules.home_country(brand.phone),)


def suggestions_for(errand: Errand) -> list[Suggestion]:
    """Return what somebody may mean by what they typed; what they have opened before is not offered again."""
    if not errand.want:
        return []
    reasons = {reason.key: reason for reason in _reasons()}
    words = {key: _all_names(reason) for key, reason in reasons.items()}
    seen = {*errand.tried, errand.about.key if errand.about else ""}
    return [_suggestion(reasons[key], errand) for key in rules.matching(errand.want, words, but_not=seen)]


def topics_for(errand: Errand) -> list[Suggestion]:
    """Return the broad topics people come with, in the order the house gave them."""
    seen = {*errand.tried, errand.about.key if errand.about else ""}
    top = [reason for reason in _reasons() if reason.parent_id is None and reason.key not in seen]
    return [_suggestion(reason, errand) for reason in top[:6]]


def case_of_status_token(token: str, now: datetime) -> Case | None:
    """Return the case a status link opens; the link ends 90 days after anything last happened.

    The link of a merged case leads on to where it went; followed by `~15` it opens case 15 that was split off.
    """
    secret, _tilde, part = token.partition("~")
    if not 20 <= len(secret) <= 60 or not token.isascii():
        return None
    linked = Case.objects.filter(status_token_hash=token_hash(secret)).first()
    case_id = leads_to(linked.id) if linked else 0
    if part:
        case_id = leads_to(int(part)) if case_id and part in {str(id) for id, _subject in parts_of(case_id)} else 0
    related = ("brand", "brand__site", "customer", "owner", "queue", "reason")
    found = Case.objects.filter(id=case_id, changed_at__gt=now - STATUS_LINK_LASTS).select_related(*related).first()
    return _as_read(found, linked) if found and linked else None


def _as_read(case: Case, linked: Case) -> Case:
    """Return a case as the holder of the link of `linked` reads it: under their own name, and in their own words."""
    case.read_as = voice_of(linked)
    if case.read_as != voice_of(case):
        case.subject, case.wants = linked.subject, linked.wants
    return case


def parts_of(case_id: int) -> list[tuple[int, str]]:
    """Return the cases that were split off a case and go on by themselves, as number and subject."""
    split = CaseLink.objects.filter(case_id=case_id, kind="split", other__merged_into=None)
    return list(split.order_by("other_id").values_list("other_id", "other__subject"))


def merged_into(case: Case) -> list[int]:
    """Return the numbers under which a customer may know a case: those that were merged into it."""
    return list(case.merged.order_by("id").values_list("id", flat=True))


def public_messages(case: Case) -> list[dict[str, Any]]:
    """Return what whoever reads a case as its customer may read of it: never notes, never what another record said."""
    messages = _said(case.id, case.read_as or voice_of(case))[::-1]
    files = attachments_of([message.id for message in messages])
    return [_public_message(message, files.get(message.id, [])) for message in messages]


@written_once
def _said(case_id: int, record: int) -> QuerySet[Message]:
    said = Message.objects.filter(spoken_as(record, "contact__"), case_id=case_id).exclude(kind="note")
    return said.select_related("author").order_by("-id")[:200]


def open_callback(case: Case) -> FollowUp | None:
    """Return the call that is owed in a case."""
    return first(_owed_calls(case.id, case.read_as or voice_of(case)))


@written_once
def _owed_calls(case_id: int, record: int) -> QuerySet[FollowUp]:
    theirs = Q(contact=None) | spoken_as(record, "contact__")
    return FollowUp.objects.filter(theirs, case_id=case_id, kind="callback", state="open").order_by("id")[:1]


def own_call(case: Case) -> Call | None:
    """Return the call that is owed to whoever reads a case as its customer and not made yet."""
    call = open_call(case)
    return call if call and case.contacts.filter(_read_by(case), id=call.contact_id).exists() else None


def latest_contact(case: Case) -> Contact | None:
    """Return the newest contact of a case that takes messages of whoever reads it."""
    return case.contacts.filter(_read_by(case)).exclude(channel="callback").order_by("-id").first()


def own_case_file(case: Case, token: str) -> Attachment:
    """Return a file that was sent in a case, or raise NotFound; never one of a note, never one not sent."""
    sent = Attachment.objects.filter(_read_by(case, "contact__"), token=token, message__case=case, is_internal=False)
    sent = sent.exclude(message__kind="note")
    found = sent.first() if looks_like_token(token) else None
    if found is None:
        raise NotFound(_("There is no such file"))
    return found


def _read_by(case: Case, way: str = "") -> Q:
    return spoken_as(case.read_as or voice_of(case), way)


def _public_message(message: Message, files: list[dict[str, Any]]) -> dict[str, Any]:
    named = message.author.customer_sees if message.author else ""
    return {
        "id": message.id,
        "kind": message.kind,
        "author": message.author_kind,
        "name": named or (message.author_name if message.author_kind == "person" else ""),
        "text": message.body,
        "attachments": files,
        "at": message.at,
        "key": message.client_key,
        "delivered_at": message.delivered_at,
        "read_at": message.read_at,
    }


def _suggestion(reason: ContactReason, errand: Errand) -> Suggestion:
    tried = tuple(dict.fromkeys([*errand.tried, reason.key]))
    return Suggestion(reason, Errand(errand.want or reason.name, reason, tried).query())


def _reasons() -> list[ContactReason]:
    return list(ContactReason.objects.filter(is_active=True).select_related("parent"))


def _all_names(reason: ContactReason) -> str:
    own = f"{reason.name_en} {reason.name_zh}"
    return f"{own} {reason.parent.name_en} {reason.parent.name_zh}" if reason.parent else own
