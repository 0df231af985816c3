"""What is said in a contact: messages once each, delivered and read marks."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.common.markup import bare
from heartline.common.text import clean, one_line
from heartline.conversations.events import MessageAdded, MessagesSeen
from heartline.conversations.models import Attachment, Case, Contact, Message
from heartline.ledger.actions import one_change, record

MESSAGE_LIMIT = 8000
KINDS = frozenset({"reply", "note", "notice"})


def add_message(
    contact: Contact,
    kind: str,
    body: str,
    *,
    client_key: str,
    attachments: tuple[str, ...] = (),
    by: Actor,
    now: datetime,
) -> Message:
    """Add a message; the same `client_key` again returns the message that is already there.

    A note never reaches the customer and never changes whose turn it is.
    """
    text = _checked(kind, body, attachments)
    try:
        with one_change(may_fail=True):
            return _write(contact, kind, text, client_key, attachments, by=by, now=now)
    except IntegrityError:  # nearly every key is new, so nobody asks first
        known = Message.objects.filter(contact=contact, client_key=client_key).first()
        if known is None:
            raise
        return known


def mark_seen(contact: Contact, upto_id: int, *, seen: str, side: str, by: Actor, now: datetime) -> int:
    """Mark messages up to one as delivered to or read by a side (`customer` or `person`); returns how many."""
    others = "customer" if side == "person" else "person"
    field = "read_at" if seen == "read" else "delivered_at"
    waiting = Message.objects.filter(contact=contact, id__lte=upto_id, author_kind=others).exclude(kind="note")
    with one_change():
        changed = waiting.filter(**{f"{field}__isnull": True}).update(**{field: now})
        if changed:
            event = MessagesSeen(
                contact_id=contact.id,
                case_id=contact.case_id,
                customer_id=contact.customer_id,
                queue_id=contact.queue_id,
                assignee_id=contact.assignee_id,
                upto_id=upto_id,
                seen=seen,
                side=side,
                at=now.isoformat(),
            )
            record(event, by=by, now=now, sample=contact.is_sample)
    return changed


def _checked(kind: str, body: str, attachments: tuple[str, ...]) -> str:
    if kind not in KINDS:
        raise Invalid(_("A message is a reply or a note"))
    text = clean(body, MESSAGE_LIMIT + 1)
    if len(text) > MESSAGE_LIMIT:
        message = _("This message is longer than %(limit)s characters. Send it in parts") % {"limit": MESSAGE_LIMIT}
        raise Invalid(message, fields={"text": message})
    if not text and not attachments:
        raise Invalid(_("Write something first"), fields={"text": _("Write something first")})
    return text


def _write(
    contact: Contact, kind: str, text: str, key: str, attachments: tuple[str, ...], *, by: Actor, now: datetime
) -> Message:
    message = Message.objects.create(
        contact=contact,
        case_id=contact.case_id,
        kind=kind,
        author_kind=by.kind,
        author_id=by.id if by.kind == "person" else None,
        author_name=by.name,
        body=text,
        client_key=key,
        at=now,
    )
    _attach(contact, message, attachments, by=by)
    first = _take_turn(contact, message, now=now)
    record(_added(contact, message, first), by=by, now=now, sample=contact.is_sample)
    return message


def _attach(contact: Contact, message: Message, tokens: tuple[str, ...], *, by: Actor) -> None:
    """Join uploaded files to a message: only files of this contact, uploaded by this side, not yet used."""
    if not tokens:
        return
    mine = Attachment.objects.filter(contact=contact, token__in=tokens, message=None, uploaded_by_kind=by.kind)
    if by.kind == "person":
        mine = mine.filter(uploaded_by_id=by.id)
    if mine.update(message=message, is_internal=message.kind == "note") != len(set(tokens)):
        raise Invalid(_("A file has gone. Attach it again"), fields={"attachments": _("Attach it again")})


def _take_turn(contact: Contact, message: Message, *, now: datetime) -> bool:
    """Give the turn to the other side; returns whether this is our first human reply."""
    if message.kind == "note":
        return False
    words = bare(message.body) if message.author_kind == "person" else message.body
    fields: dict[str, object] = {"last_text": one_line(words, 120)}
    turn = {"customer": "ours", "person": "theirs"}.get(message.author_kind, contact.turn)
    if turn != contact.turn:
        fields |= {"turn": turn, "turn_since": now}
    first = message.author_kind == "person" and contact.first_reply_at is None
    if first:
        fields["first_reply_at"] = now
    Contact.objects.filter(id=contact.id).update(**fields)
    for name, value in fields.items():
        setattr(contact, name, value)
    Case.objects.filter(id=contact.case_id).update(changed_at=now)
    return first


def _added(contact: Contact, message: Message, first: bool) -> MessageAdded:
    return MessageAdded(
        message_id=message.id,
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        channel=contact.channel,
        message_kind=message.kind,
        author_kind=message.author_kind,
        author_id=message.author_id,
        assignee_id=contact.assignee_id,
        client_key=message.client_key,
        at=message.at.isoformat(),
        turn=contact.turn,
        turn_since=contact.turn_since.isoformat(),
        first_reply=first,
    )
