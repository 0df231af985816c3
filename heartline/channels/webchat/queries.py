"""Whose browser it is, and what they may see of their own contact."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.channels.webchat import rules
from heartline.common.errors import NotFound, NotSignedIn
from heartline.common.ids import token_hash
from heartline.common.questions import first, written_once
from heartline.common.text import masked_phone
from heartline.conversations.attachments.names import looks_like_token
from heartline.conversations.models import Assignment, Attachment, Contact
from heartline.conversations.voices import spoken_as, voice_of
from heartline.customers.models import Customer
from heartline.customers.queries import kept_as
from heartline.ledger.queries import head, history
from heartline.people.queries import calendar_of
from heartline.promises.callbacks.queries import call_of
from heartline.reception.queries import open_callback, public_messages
from heartline.reception.rules import opening
from heartline.routing.controls.queries import pause_of, told_to_customers
from heartline.routing.controls.words import pause_words
from heartline.routing.plans.queries import told_while_waiting
from heartline.routing.waits.queries import position_of, wait_of
from heartline.ui import formats
from heartline.voice_of_customer.models import Invitation

CHANNEL = "webchat"
TOKEN_LENGTHS = range(20, 200)
TOLD_FRESH_FOR = timedelta(seconds=5)


def customer_of_token(token: str) -> Customer | None:
    """Return the customer in whose browser a token lies; only its hash is known here."""
    if len(token) not in TOKEN_LENGTHS or not token.isascii():
        return None
    return first(_customers_of(token_hash(token)))


@written_once
def _customers_of(hashed: str) -> QuerySet[Customer]:
    return Customer.objects.filter(identities__kind="visitor", identities__value=hashed)[:1]


def contact_of_token(token: str) -> Contact | None:
    """Return the latest chat of the browser that holds a token."""
    customer = customer_of_token(token)
    return _chats_of(customer).order_by("-id").first() if customer else None


def contact_of(customer: Customer) -> Contact | None:
    """Return a customer's latest chat, with its case and brand at hand, read in the name that their browser shows."""
    found = first(_last_chat(kept_as(customer).id, customer.id))
    if found:
        found.case.read_as = customer.id
        if found.customer_id == customer.id:
            found.customer = customer
    return found


@written_once
def _last_chat(kept_id: int, customer_id: int) -> QuerySet[Contact]:
    chats = Contact.objects.filter(spoken_as(customer_id), customer_id=kept_id, channel=CHANNEL)
    return chats.select_related("case", "case__brand__site", "assignee").order_by("-id")[:1]


def known_contact(customer: Customer) -> Contact:
    """Return a customer's latest chat, or raise NotSignedIn: a token without a chat opens nothing."""
    contact = contact_of(customer)
    if contact is None:
        raise NotSignedIn(_("This chat is not known here any more. Start a new one"), code="unknown_visitor")
    return contact


def how_they_left(contact: Contact) -> str:
    """Return how a customer left while waiting (silent, left, callback), as the ledger tells; empty when they did not."""
    if contact.state != "abandoned":
        return ""
    last = history(contact_id=contact.id).filter(kind="conversations.contact_abandoned").first()
    return str(last.body.get("how", "")) if last else ""


def own_file(customer: Customer, token: str) -> Attachment:
    """Return a file that belongs to a customer's own conversation, or raise NotFound; never one of a note."""
    mine = Attachment.objects.filter(spoken_as(customer.id, "contact__"), token=token, is_internal=False)
    found = mine.exclude(message__kind="note").first() if looks_like_token(token) else None
    if found is None or (found.message_id is None and found.uploaded_by_kind != "customer"):
        raise NotFound(_("There is no such file"))
    return found


def snapshot(contact: Contact, *, language: str, now: datetime) -> dict[str, Any]:
    """Return everything a chat window shows, and the position from which the live stream goes on.

    The position is read first: what happens while the rest is read is told again by the stream, and known by its id.
    """
    position = str(head())
    left = how_they_left(contact)
    return {
        "position": position,
        "now": now.isoformat(),
        "contact": {
            "id": contact.id,
            "case": contact.case_id,
            "subject": contact.case.subject if voice_of(contact.case) == voice_of(contact) else "",
            "state": contact.state,
            "left": left,
            "can_resume": rules.may_resume(contact.state, left=left, ended_at=contact.ended_at, now=now),
            "ended_by": contact.ended_by,
        },
        "agent": contact.assignee.customer_sees if contact.assignee and contact.state == "active" else None,
        "messages": _messages(contact),
        "joined": _joined(contact),
        "queue": _queue(contact, language, now),
        "news": " · ".join(_news(contact, language, now)),
        "hours": _hours(contact, language, now),
        "rating": _rating(contact, now),
        "callback": _callback(contact, language, now),
    }


def _chats_of(customer: Customer) -> QuerySet[Contact]:
    """Return the chats of a record, wherever it went since; what was said as another record is another browser's."""
    return kept_as(customer).contacts.filter(spoken_as(customer.id), channel=CHANNEL)


def _messages(contact: Contact) -> list[dict[str, Any]]:
    moments = ("at", "delivered_at", "read_at")
    shown = public_messages(contact.case)
    return [row | {name: row[name].isoformat() if row[name] else None for name in moments} for row in shown]


def _joined(contact: Contact) -> list[dict[str, Any]]:
    """Return who of ours came into the case's chats and when; all but the first of a contact took over from somebody."""
    seen: set[int] = set()
    found = []
    for row in _assigned(contact.case_id, voice_of(contact)):
        found.append(
            {"name": row.person.customer_sees, "at": row.started_at.isoformat(), "took_over": row.contact_id in seen}
        )
        seen.add(row.contact_id)
    return found


@written_once
def _assigned(case_id: int, record: int) -> QuerySet[Assignment]:
    theirs = spoken_as(record, "contact__")
    rows = Assignment.objects.filter(theirs, contact__case_id=case_id, contact__channel=CHANNEL)
    return rows.select_related("person").order_by("id")


def _queue(contact: Contact, language: str, now: datetime) -> dict[str, Any] | None:
    if contact.state != "waiting":
        return None
    pause = pause_of(contact.queue_id, now)
    if pause:
        zone = contact.case.brand.site.time_zone
        words = pause_words(pause, language=language, zone=zone, now=now)
        return {"position": position_of(contact, now), "said": "unknown", "wait": None, "paused": words}
    low, high = contact.told_wait_low, contact.told_wait_high
    told = (low, high) if low is not None and high is not None else None
    is_fresh = told is not None and now - contact.asked_at < TOLD_FRESH_FOR
    place, wait = wait_of(contact, now)
    said, shown = rules.wait_shown(told if is_fresh else wait, told, asked_at=contact.asked_at, now=now)
    return {"position": place, "said": said, "wait": shown}


def _news(contact: Contact, language: str, now: datetime) -> Iterator[str]:
    """Yield what everybody is told just now, and what the routing plan says to who has waited this long."""
    yield from told_to_customers(contact.case.brand, language, now)
    if contact.state == "waiting" and (told := told_while_waiting(contact.queue_id, contact.asked_at, language, now)):
        yield told


def _hours(contact: Contact, language: str, now: datetime) -> dict[str, Any]:
    brand = contact.case.brand
    stands = opening(calendar_of(brand), now)
    opens = stands.opens_at
    zone = brand.site.time_zone
    words = formats.time_or_day(opens, language=language, zone=zone, now=now) if opens else ""
    return {"open": stands.is_open, "opens": words}


def _rating(contact: Contact, now: datetime) -> dict[str, Any] | None:
    """Return whether the case's one question is open in this chat, or how it was answered here."""
    invitation = first(_asked(contact.id))
    if invitation is None:
        return None
    response = getattr(invitation, "response", None)
    if response is None and invitation.expires_at <= now:
        return None
    return {"score": response.score if response else None}


@written_once
def _asked(contact_id: int) -> QuerySet[Invitation]:
    return Invitation.objects.filter(contact_id=contact_id).select_related("response").order_by("id")[:1]


def _callback(contact: Contact, language: str, now: datetime) -> dict[str, Any] | None:
    owed = open_callback(contact.case)
    if owed is None:
        return None
    brand, phone = contact.case.brand, masked_phone(owed.phone)
    call = call_of(owed.contact) if owed.contact else None
    chosen = call.slot_at if call else None
    by, at = (
        formats.time_or_day(moment, language=language, zone=brand.site.time_zone, now=now) if moment else ""
        for moment in (owed.due_at, chosen)
    )
    number = formats.phone(brand.phone)
    if at:
        said = _("Done. We’ll ring {phone} at {time}, from {number}").format(phone=phone, number=number, time=at)
    else:
        said = _("Done. We’ll ring {phone} from {number} by {time} at the latest").format(
            phone=phone, number=number, time=by
        )
    return {"phone": phone, "by": by, "at": at, "said": said}
