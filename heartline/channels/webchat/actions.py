"""What a browser can do: start, say, leave, wait on, be called instead, say how it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from django.core import signing
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from heartline.channels.webchat import rules
from heartline.channels.webchat.queries import CHANNEL, contact_of, customer_of_token, how_they_left, known_contact
from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid, NotSignedIn
from heartline.common.ids import new_token, token_hash
from heartline.conversations.actions.contacts import abandon_contact, end_contact, resume_contact
from heartline.conversations.actions.messages import add_message, mark_seen
from heartline.conversations.attachments.store import carry_over
from heartline.conversations.models import Contact, Message
from heartline.conversations.voices import spoken_as, voice_of
from heartline.customers.actions import add_identity
from heartline.customers.models import Customer
from heartline.customers.queries import kept_as
from heartline.ledger import topics
from heartline.ledger.actions import one_change
from heartline.ledger.live import signal
from heartline.promises.callbacks.queries import call_of
from heartline.reception.actions import (
    Arrival,
    ask_for_call,
    chosen_time,
    note_what_was_tried,
    owed_call,
    take_in,
    times_to_call,
)
from heartline.reception.forms import time_choices
from heartline.reception.queries import Errand, Hall
from heartline.voice_of_customer.actions import invite, respond
from heartline.voice_of_customer.models import Response
from heartline.voice_of_customer.queries import open_invitation_of

SALT = "heartline.webchat.visitor"
TOKEN_FRESH_FOR = 24 * 3600
SILENT_BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Saying:
    """A message from a browser; `key` is chosen there and stays the same when it is sent again."""

    text: str
    key: str
    files: tuple[str, ...] = ()


def new_visitor_token() -> str:
    """Return a secret for a browser. It stands for nobody until a chat is started with it, within a day."""
    return signing.TimestampSigner(salt=SALT).sign(new_token())


def start_chat(token: str, arrival: Arrival, *, now: datetime) -> Contact:
    """Start a chat for the browser that holds a token. Starting twice with the same key starts it once.

    A browser that has a live chat goes on with that one; another tab has opened it.
    """
    customer = customer_of_token(token)
    if customer is None:
        _check_fresh(token)
        try:
            return _first_chat(token, arrival, now=now)
        except IntegrityError:  # the same browser was faster by another request
            customer = customer_of_token(token)
            if customer is None:
                raise
    contact = contact_of(customer)
    if contact and (_message_with(contact, arrival.client_key) or contact.state in ("waiting", "active")):
        if arrival.text.strip():
            say(contact, arrival.hall, Saying(text=arrival.text, key=arrival.client_key), now=now)
        return known_contact(customer)
    case = arrival.case if arrival.case and arrival.case.read_as == customer.id else None
    return take_in(replace(arrival, customer=kept_as(customer), opened_as=customer.id, case=case), now=now)


def say(contact: Contact, hall: Hall, saying: Saying, *, now: datetime) -> Message:
    """Take a message to a browser's latest chat; after its end another contact opens, in the same case while that is young."""
    customer = contact.customer
    known = _message_with(contact, saying.key)  # it may lie in an earlier chat
    if known:
        return known
    by = actor_of(customer)
    step = rules.next_step(
        contact.state,
        left=how_they_left(contact),
        ended_at=contact.ended_at,
        case_opened_at=contact.case.opened_at,
        now=now,
    )
    another = _another(contact, hall, saying, same_case=step == "same_case") if step not in ("add", "resume") else None
    with one_change():
        if step == "resume":
            resume_contact(contact, by=by, now=now)
        elif another:
            ended, contact = contact, take_in(another, now=now)
            carry_over(saying.files, ended, contact)
        return add_message(
            contact, "reply", saying.text, client_key=saying.key, attachments=saying.files, by=by, now=now
        )


def leave(contact: Contact, *, now: datetime) -> Contact:
    """Let a customer end their chat: a wait is given up, a conversation ends and they are asked how it was."""
    by = actor_of(contact.customer)
    if contact.state == "waiting":
        with one_change():
            abandon_contact(contact, "left", by=by, now=now)
            _note_chat_tried(contact, by=by, now=now)
    elif contact.state == "active":
        end_contact(contact, ended_by="customer", by=by, now=now)
        invite(contact, by=by, now=now)
    return contact


def call_instead(contact: Contact, hall: Hall, number: str, when: str | None, *, now: datetime) -> Contact:
    """Be called instead of waiting. The call keeps the place: its wait counts from when the chat was asked for.

    Asking again while a call is owed changes the number, and the time unless `when` is None, never the place.
    """
    by = actor_of(contact.customer)
    owed = owed_call(contact.case)
    at = chosen_time(hall, when or "", but_not=owed)
    waiting = contact.state == "waiting"
    arrival = Arrival(
        hall=hall,
        channel="callback",
        text="",
        client_key="",
        errand=Errand(contact.case.wants or contact.case.subject),
        phone=number,
        customer=contact.customer,
        case=contact.case,
        opened_as=voice_of(contact),
        asked_at=contact.asked_at if waiting else None,
    )
    with one_change():
        if waiting:
            abandon_contact(contact, "callback", by=by, now=now)
            _note_chat_tried(contact, by=by, now=now)
        return ask_for_call(arrival, at, now=now, owed=owed, moves=when is not None)


def call_choices(contact: Contact, hall: Hall) -> list[tuple[str, str, bool]]:
    """Return the times we have room to call at, as soon as possible first, and which of them holds for a call that is owed."""
    owed = owed_call(contact.case)
    call = call_of(owed) if owed else None
    holds = call.slot_at.isoformat() if call and call.slot_at else ""
    with override(hall.language), timezone.override(hall.brand.site.time_zone):
        (_none, soonest), *days = time_choices(hall, times_to_call(hall, but_not=owed))
        times = [(at, str(words)) for _day, found in days for at, words in found]
        return [(at, words, at == holds) for at, words in [("", str(soonest)), *times]]


def wait_on(contact: Contact, *, now: datetime) -> Contact:
    """Let somebody who fell silent have their place back, while there is time."""
    left = how_they_left(contact)
    if contact.state == "waiting":
        return contact
    if not rules.may_resume(contact.state, left=left, ended_at=contact.ended_at, now=now):
        raise Conflict(_("Your place could not be kept this long. Write to us, and you wait anew"), code="too_late")
    return resume_contact(contact, by=actor_of(contact.customer), now=now)


def note_seen(contact: Contact, upto: int, how: str, *, now: datetime) -> int:
    """Remember that our messages reached the browser, or were read there."""
    if how not in ("delivered", "read"):
        raise Invalid(_("A message is delivered or read"), fields={"how": _("A message is delivered or read")})
    return mark_seen(contact, upto, seen=how, side="customer", by=actor_of(contact.customer), now=now)


def tell_typing(contact: Contact) -> None:
    """Let whoever follows what is said in a contact see that its customer is writing. Not kept anywhere."""
    body = {"case_id": contact.case_id, "queue_id": contact.queue_id, "assignee_id": contact.assignee_id}
    about = {"contact_id": contact.id, "case_id": contact.case_id, "name": contact.customer.name}
    signal(topics.of_talk(body), {"kind": "typing", "side": "customer", **about})


def rate(contact: Contact, score: int, comment: str, *, now: datetime) -> Response:
    """Take the answer to the case's one question, given inside the chat."""
    invitation = open_invitation_of(contact, now)
    if invitation is None:
        raise Conflict(_("You have answered already. Thank you"), code="survey_answered")
    return respond(invitation, score, comment, came_by="chat", by=actor_of(contact.customer), now=now)


def abandon_silent(*, now: datetime) -> int:
    """Note that customers whose browser has gone have left; they may come back for a while. Returns how many.

    Whoever was answered once and waits again, handed over, is not let go: a colleague owes them an answer.
    """
    waiting = Contact.objects.filter(channel=CHANNEL, state="waiting", answered_at=None)
    gone = waiting.filter(visitor_seen_at__lt=now - rules.SILENT_AFTER)
    found = 0
    for contact in gone.select_related("case")[:SILENT_BATCH]:
        try:
            abandon_contact(contact, "silent", by=Actor.system("silent visitors"), now=now)
            found += 1
        except Conflict:  # answered, or left, in this moment
            continue
    return found


def _first_chat(token: str, arrival: Arrival, *, now: datetime) -> Contact:
    with one_change(may_fail=True):
        contact = take_in(arrival, now=now)
        customer = contact.customer
        if voice_of(contact) != customer.id:  # it came by the link of a record that was merged: it stays that one's
            customer = Customer.objects.get(id=voice_of(contact))
        add_identity(customer, "visitor", token_hash(token), verified=True, by=actor_of(customer), now=now)
    return contact


def _another(contact: Contact, hall: Hall, saying: Saying, *, same_case: bool) -> Arrival:
    errand = Errand(contact.case.subject) if same_case else Errand(saying.text[:300] or contact.case.subject)
    return Arrival(
        hall=hall,
        channel=CHANNEL,
        text="",
        client_key="",
        errand=errand,
        customer=contact.customer,
        case=contact.case if same_case else None,
        opened_as=voice_of(contact),
        told_wait=hall.chat_wait,
    )


def _note_chat_tried(contact: Contact, *, by: Actor, now: datetime) -> None:
    minutes = round((now - contact.asked_at).total_seconds() / 60)
    with override(contact.language):
        outcome = _("Waited %(minutes)s min") % {"minutes": minutes}
        note_what_was_tried(contact.case, (CHANNEL,), contact.language, outcome=outcome, by=by, now=now)


def _message_with(contact: Contact, key: str) -> Message | None:
    """Return what a browser has sent under a key already, in whichever of its chats."""
    theirs = Message.objects.filter(spoken_as(voice_of(contact), "contact__"), contact__customer_id=contact.customer_id)
    mine = theirs.filter(client_key=key, author_kind="customer")
    return mine.order_by().first() if key else None


def _check_fresh(token: str) -> None:
    try:
        signing.TimestampSigner(salt=SALT).unsign(token, max_age=TOKEN_FRESH_FOR)
    except signing.BadSignature:
        raise NotSignedIn(_("This chat is not known here any more. Start a new one"), code="unknown_visitor") from None


def actor_of(customer: Customer) -> Actor:
    """Return the actor that stands for a customer."""
    return Actor.customer(customer.id, customer.name)
