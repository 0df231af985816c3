"""Taking in whoever comes: a customer, their claims, a case and a contact, in one transaction, whichever way they took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.common.ids import token_hash
from heartline.common.text import clean
from heartline.conversations.actions.cases import change_case, note_tried
from heartline.conversations.actions.contacts import ContactRequest, open_contact
from heartline.conversations.actions.messages import add_message
from heartline.conversations.attachments import Examined, examine, keep
from heartline.conversations.attachments.store import Incoming
from heartline.conversations.models import Case, Contact, ContactReason, Message
from heartline.conversations.voices import spoken_as, voice_of
from heartline.customers.actions import add_identity, create_customer, phone_number
from heartline.customers.models import Customer
from heartline.ledger.actions import one_change
from heartline.people.limits import allow, check, source_of
from heartline.promises.actions import open_follow_up
from heartline.promises.callbacks import actions as calls
from heartline.promises.callbacks.models import Call
from heartline.promises.callbacks.queries import call_of, rooms
from heartline.reception import rules
from heartline.reception.queries import (
    Errand,
    Hall,
    countries_we_call,
    latest_contact,
    reply_due,
    working_queue,
)
from heartline.reception.ways import way_name

# Calls owed to one number, and to one block of numbers, in a day. Whoever pumps numbers buys them in blocks.
CALLS_PER_NUMBER, CALLS_PER_PREFIX = 3, 20
DAY = timedelta(days=1)
FORMS_PER_SOURCE, CHATS_PER_SOURCE = 20, 30
HOUR = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """What somebody tells us when they come. Addresses they give are claims: nobody is recognised by them."""

    hall: Hall
    channel: str
    text: str
    client_key: str
    errand: Errand
    name: str = ""
    email: str = ""
    phone: str = ""
    customer: Customer | None = None
    case: Case | None = None
    opened_as: int | None = None
    came_from: str = ""
    asked_at: datetime | None = None
    due_at: datetime | None = None
    status_token: str = ""
    told_wait: tuple[int, int] | None = None


def take_in(arrival: Arrival, *, now: datetime) -> Contact:
    """Open a contact for whoever came, with what they want and what they have tried."""
    hall = arrival.hall
    queue = working_queue(hall.brand, hall.language)
    with one_change():
        customer = arrival.customer or _new_customer(arrival, now=now)
        by = Actor.customer(customer.id, customer.name)
        _note_claims(customer, arrival, by=by, now=now)
        request = ContactRequest(
            customer=customer,
            queue=queue,
            channel=arrival.channel,
            language=hall.language,
            text=arrival.text,
            client_key=arrival.client_key,
            want=arrival.errand.want,
            came_from=clean(arrival.came_from, 300),
            case=arrival.case,
            opened_as=arrival.opened_as,
            asked_at=arrival.asked_at,
            due_at=arrival.due_at,
            told_wait=arrival.told_wait,
            needs={"language": hall.language, "skills": {}},  # what its queue asks for may change while it waits
        )
        contact = open_contact(request, by=by, now=now)
        if arrival.status_token:
            give_status_link(contact.case, arrival.status_token)
        if arrival.errand.about and not contact.case.reason_id:
            change_case(contact.case, {"reason": arrival.errand.about}, by=by, now=now)
        note_what_was_tried(contact.case, arrival.errand.tried, hall.language, by=by, now=now)
    return contact


def leave_message(arrival: Arrival, *, now: datetime) -> Contact:
    """Take in a message that is answered later; its due time counts hours of service."""
    due_at = reply_due(arrival.hall.brand, arrival.hall.calendar, now)
    return take_in(replace(arrival, channel="webform", due_at=due_at), now=now)


def ask_for_call(
    arrival: Arrival, at: datetime | None, *, owed: Contact | None = None, moves: bool = False, now: datetime
) -> Contact:
    """Take in somebody who wants to be called: at a time they chose, or as soon as we are there and it is their turn.

    With `arrival.asked_at` the call keeps the place of a chat that it replaces: the wait is never reset.
    A call that is `owed` already is not asked for twice; what is new is added to it, and a time that was chosen moves it.
    With `moves` it is moved to as soon as possible too, when no time was chosen.
    The call is owed from now on: its owner is warned before it is late.
    """
    not_before = at or arrival.hall.opening.opens_at
    with one_change(may_fail=True):
        contact = owed or take_in(replace(arrival, channel="callback", due_at=not_before), now=now)
        calls.agree(contact, None if owed else at, now=now)
        open_follow_up(
            contact.case,
            "callback",
            contact=contact,
            owner=None,
            what=arrival.text or arrival.errand.want,
            due_at=call_due(arrival.hall, at, now=now),
            phone=arrival.phone,
            by=Actor.customer(contact.customer_id, contact.customer.name),
            now=now,
        )
        call = call_of(owed) if owed and (at or moves) else None
        if call and call.slot_at != at:
            by = Actor.customer(contact.customer_id, contact.customer.name)
            calls.move_call(call, at, call_due(arrival.hall, at, now=now), by=by, now=now)
    return contact


def call_due(hall: Hall, at: datetime | None, *, now: datetime) -> datetime:
    """Return by when somebody is called who chose a time, or none."""
    return at + calls.LASTS if at else rules.soonest_promise(hall.calendar, now)


def move_call(call: Call, hall: Hall, when: str, *, now: datetime) -> Call:
    """Let whoever reads a case as its customer choose another time for their call; their place in line stays."""
    at = chosen_time(hall, when, but_not=call.contact)
    by = Actor.customer(call.contact.customer_id, call.contact.customer.name)
    return calls.move_call(call, at, call_due(hall, at, now=now), by=by, now=now)


def call_off(call: Call, *, now: datetime) -> Call:
    """Let whoever reads a case as its customer say that they need no call any more."""
    return calls.call_off(call, by=Actor.customer(call.contact.customer_id, call.contact.customer.name), now=now)


def times_to_call(hall: Hall, *, but_not: Contact | None = None) -> list[datetime]:
    """Return the times somebody may choose to be called at: those we have room for."""
    times = rules.slots(hall.calendar, hall.now)
    queue = but_not.queue if but_not else hall.queue
    if queue is None:
        return []
    free = rooms(queue, times, hall.now, but_not=but_not)
    return [at for at in times if free[at] > 0]


def add_to_case(
    case: Case, hall: Hall, text: str, key: str, uploads: Sequence[Incoming] = (), *, now: datetime
) -> Message:
    """Add what somebody writes on their case's page: to the contact that is open, else a new one in the same case."""
    known = Message.objects.filter(case=case, client_key=key, author_kind="customer").first()
    if known:
        return known
    files = examined(uploads)
    by = Actor.customer(case.customer_id, case.customer.name)
    contact = latest_contact(case)
    with one_change():
        if contact is None or contact.state not in ("waiting", "active"):
            arrival = Arrival(
                hall=hall,
                channel="webform",
                text="",
                client_key="",
                errand=Errand(case.subject),
                customer=case.customer,
                case=case,
            )
            contact = leave_message(arrival, now=now)
        tokens = tuple(keep(file, contact, by=by, now=now).token for file in files)
        return add_message(contact, "reply", text, client_key=key, attachments=tokens, by=by, now=now)


def examined(uploads: Sequence[Incoming]) -> list[Examined]:
    """Judge files before anything is written: one that is refused refuses the form, and all is still in the form."""
    files: list[Examined] = []
    try:
        files.extend(examine(upload) for upload in uploads)
    except BaseException:
        for file in files:
            file.drop()
        raise
    return files


def owed_call(case: Case | None) -> Contact | None:
    """Return the contact by which a call is owed in a case already."""
    if case is None:
        return None
    theirs = case.contacts.filter(spoken_as(case.read_as or voice_of(case)))
    return theirs.filter(channel="callback", state__in=("waiting", "active")).first()


def callable_number(hall: Hall, typed: str, *, now: datetime) -> str:
    """Return a number we may call in E.164, counted against its daily limits; raise Invalid with what would do."""
    countries = countries_we_call(hall.brand)
    number = phone_number(typed, region=countries[0])
    problem = rules.why_not_call(number, countries)
    if problem:
        raise _cannot_call(problem)
    prefix = rules.number_prefix(number)
    within = allow(f"call:{number}", CALLS_PER_NUMBER, DAY, now=now)
    if not within or not allow(f"call-block:{prefix}", CALLS_PER_PREFIX, DAY, now=now):
        message = _("We have enough calls noted for this number today. Please call us, or leave a message")
        raise Invalid(message, code="number_limit", fields={"phone": message})
    return number


def chosen_time(hall: Hall, text: str, *, but_not: Contact | None = None) -> datetime | None:
    """Return the time somebody chose to be called at, None for as soon as possible; raise Invalid when it is no choice."""
    if not text:
        return None
    offered = {at.isoformat(): at for at in times_to_call(hall, but_not=but_not)}
    if text not in offered:
        message = _("This time has passed or is taken. Choose another")
        raise Invalid(message, code="time_gone", fields={"when": message})
    return offered[text]


def count_arrival(kind: str, address: str, limit: int, *, now: datetime) -> None:
    """Count one arrival from a source; raise TooMany when there are too many in an hour."""
    check(f"{kind}:{source_of(address)}", limit, HOUR, now=now)


def note_what_was_tried(
    case: Case, keys: tuple[str, ...], language: str, *, outcome: str = "", by: Actor, now: datetime
) -> None:
    """Remember on the case which ways and answers its customer tried before, so that they are not offered again."""
    names = {reason.key: reason.name_in(language) for reason in ContactReason.objects.filter(key__in=keys)}
    for key in keys:
        if key in names:
            note_tried(case, "step", f"reason:{key}", names[key], outcome=outcome, by=by, now=now)
        else:
            note_tried(case, "channel", key, way_name(key), outcome=outcome, by=by, now=now)


def complaint_reason() -> ContactReason:
    """Return the reason that complaints are kept under, made on first use."""
    names = {"name_en": "Complaint", "name_zh": "投诉", "order": 900}
    reason, _created = ContactReason.objects.get_or_create(key="complaint", defaults=names)
    return reason


def give_status_link(case: Case, token: str) -> None:
    """Let a secret open this case's page; a case that has one keeps it."""
    Case.objects.filter(id=case.id, status_token_hash=None).update(status_token_hash=token_hash(token))
    case.refresh_from_db(fields=["status_token_hash"])


def _new_customer(arrival: Arrival, *, now: datetime) -> Customer:
    return create_customer(arrival.hall.brand, name=arrival.name, language=arrival.hall.language, by=None, now=now)


def _note_claims(customer: Customer, arrival: Arrival, *, by: Actor, now: datetime) -> None:
    for kind, value in (("email", arrival.email), ("phone", arrival.phone)):
        if value.strip():
            add_identity(customer, kind, value, verified=False, by=by, now=now)


def _cannot_call(problem: str) -> Invalid:
    message = {
        "invalid": _("This phone number cannot be right. A mobile number has 11 digits; start others with +"),
        "country": _("We cannot call this country. Leave a message instead, or call us"),
        "costly": _("We do not call this kind of number. Give a mobile or a home number"),
    }[problem]
    return Invalid(message, code=f"number_{problem}", fields={"phone": message})
