"""What an expert sees of the case a question comes from: what the question needs, and not who the customer is.

Whose scope covers the case anyway sees it as it is; everybody else sees names, addresses and long numbers hidden.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.utils.translation import gettext as _

from heartline.common.markup import bare
from heartline.common.text import masked_name
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.consultations.queries import names_of
from heartline.conversations.consultations.rules import masked_text
from heartline.conversations.models import Message, Participant, Tried
from heartline.conversations.queries import sees
from heartline.people.queries import Scope

SAID = 60
Hide = Callable[[str], str]


@dataclass(frozen=True)
class Said:
    """Something that was said in the contact."""

    by: str
    is_ours: bool
    text: str
    at: datetime


@dataclass(frozen=True)
class Shown:
    """A case as the expert who is asked sees it."""

    customer: str
    subject: str
    wants: str
    said: list[Said]
    more: bool
    files: int
    tried: list[str]
    is_masked: bool
    sees_case: bool
    may_reply: bool


def shown_to(scope: Scope, consultation: Consultation) -> Shown:
    """Return the case of a question as its expert sees it."""
    case = consultation.case
    inside = Participant.objects.filter(contact=consultation.contact_id, person_id=scope.person_id, left_at=None)
    joined = inside.exclude(role="mentioned").first()
    covers = sees(scope, case)
    hide: Hide = _plain if covers else partial(masked_text, names=names_of(case.customer))
    rows = Message.objects.filter(contact=consultation.contact_id).exclude(kind="note").order_by("-id")
    newest = list(rows[: SAID + 1])
    said = [_said(message, hide) for message in reversed(newest[:SAID])]
    name = case.customer.name or _("Customer")
    return Shown(
        customer=name if covers or not case.customer.name else masked_name(name),
        subject=hide(case.subject),
        wants=hide(case.wants),
        said=said,
        more=len(newest) > SAID,
        files=consultation.contact.attachments.filter(message__kind="reply").count(),
        tried=[hide(label) for label in Tried.objects.filter(case=case).values_list("label", flat=True)],
        is_masked=not covers,
        sees_case=covers,
        may_reply=bool(joined and joined.may_reply) or (joined is not None and scope.may("contact.serve")),
    )


def _plain(text: str) -> str:
    return text


def _said(message: Message, hide: Hide) -> Said:
    is_ours = message.author_kind != "customer"
    text = bare(message.body) if is_ours else message.body
    return Said(message.author_name if is_ours else "", is_ours, hide(text), message.at)
