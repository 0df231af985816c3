"""Taking what forms send: once, however often it is sent, and never half.

The key in each form was made and signed by us. It becomes the secret of the case's own page, so the same form sent again
leads to the same case: what is the same is there once, what was changed is added.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.db import IntegrityError
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.common.ids import new_token
from heartline.conversations.actions.cases import change_case
from heartline.conversations.actions.messages import add_message
from heartline.conversations.attachments import keep
from heartline.conversations.attachments.store import Incoming
from heartline.conversations.models import Case
from heartline.ledger.actions import one_change
from heartline.reception.actions import (
    Arrival,
    add_to_case,
    ask_for_call,
    complaint_reason,
    examined,
    leave_message,
    owed_call,
)
from heartline.reception.queries import Errand, Hall, case_of_status_token

SALT = "heartline.webform"
FORM_GOOD_FOR = 2 * 24 * 3600


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What came in a message or a complaint."""

    token: str
    text: str
    name: str = ""
    phone: str = ""
    email: str = ""
    files: Sequence[Incoming] = ()
    is_complaint: bool = False
    came_from: str = ""


def new_form_key() -> str:
    """Return a key for a form: a secret of ours, signed, so that nobody can choose one."""
    return signing.TimestampSigner(salt=SALT).sign(new_token())


def token_in(key: str) -> str:
    """Return the secret in a form's key, or raise Invalid when the page was open for too long."""
    try:
        return signing.TimestampSigner(salt=SALT).unsign(key, max_age=FORM_GOOD_FOR)
    except signing.BadSignature:
        message = _("This page was open for a long time. What you typed is still here; send it again")
        raise Invalid(message, code="old_form") from None


def send_message(hall: Hall, sent: Sent, *, now: datetime) -> Case:
    """Take a message or a complaint and return its case."""
    known = hall.case or case_of_status_token(sent.token, now)
    if known is None:
        try:
            return _first_message(hall, sent, now=now)
        except IntegrityError:  # the same form came twice at once; the other one opened the case
            known = case_of_status_token(sent.token, now)
    assert known is not None
    add_to_case(known, hall, sent.text or known.wants, message_key(sent), sent.files, now=now)
    if sent.is_complaint:
        by = Actor.customer(known.customer_id, known.customer.name)
        change_case(known, {"reason": complaint_reason()}, by=by, now=now)
    return known


def book_call(hall: Hall, sent: Sent, at: datetime | None, *, now: datetime) -> Case:
    """Note that somebody wants to be called and return their case."""
    known = case_of_status_token(sent.token, now)
    if known is None:
        arrival = _arrival(hall, sent, channel="callback", text=sent.text)
        try:
            return ask_for_call(arrival, at, owed=owed_call(hall.case), now=now).case
        except IntegrityError:  # the same form came twice at once; the call is noted
            known = case_of_status_token(sent.token, now)
    assert known is not None
    return known


def message_key(sent: Sent) -> str:
    """Return the key of a form's message: the same text from the same form is the same message."""
    return hashlib.sha256(f"{sent.token}\n{sent.text}".encode()).hexdigest()[:40]


def _first_message(hall: Hall, sent: Sent, *, now: datetime) -> Case:
    files = examined(sent.files)
    try:
        with one_change(may_fail=True):
            contact = leave_message(_arrival(hall, sent, channel="webform", text=""), now=now)
            by = Actor.customer(contact.customer_id, contact.customer.name)
            tokens = tuple(keep(file, contact, by=by, now=now).token for file in files)
            text = sent.text or hall.errand.want
            add_message(contact, "reply", text, client_key=message_key(sent), attachments=tokens, by=by, now=now)
    finally:
        for file in files:
            file.drop()
    return contact.case


def _arrival(hall: Hall, sent: Sent, *, channel: str, text: str) -> Arrival:
    about = complaint_reason() if sent.is_complaint else hall.errand.about
    return Arrival(
        hall=hall,
        channel=channel,
        text=text,
        client_key=message_key(sent),
        errand=Errand(hall.errand.want or sent.text[:300], about, hall.errand.tried),
        name=sent.name,
        phone=sent.phone,
        email=sent.email,
        came_from=sent.came_from,
        customer=hall.case.customer if hall.case else None,
        case=hall.case,
        status_token="" if hall.case else sent.token,
    )
