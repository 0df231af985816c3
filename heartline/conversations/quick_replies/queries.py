"""Whose quick replies a person may use, and what they say in a contact."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.conversations import levels
from heartline.conversations.models import Contact, QuickReply
from heartline.conversations.quick_replies.rules import fill
from heartline.people.models import Person
from heartline.people.queries import Scope

# More are found by typing on: the list in the browser holds the most used.
LISTED = 500


def quick_replies_for(scope: Scope) -> QuerySet[QuickReply]:
    """Return the quick replies a person may use: everybody's, their teams', their own."""
    return levels.usable(scope, QuickReply.objects.all())


def quick_reply_for(scope: Scope, reply_id: int) -> QuickReply:
    """Return one quick reply the person may use, or raise NotFound."""
    found = quick_replies_for(scope).select_related("team").filter(id=reply_id).first()
    if found is None:
        raise NotFound(_("There is no such quick reply, or it is not yours to see"))
    return found


def filled_for(scope: Scope, contact: Contact, person: Person) -> dict[str, Any]:
    """Return the quick replies for a contact, filled, in the customer's language; most used first."""
    values = values_for(contact, person)
    replies = quick_replies_for(scope).order_by("-used_count", "name", "id")[:LISTED]
    return {"language": contact.language, "replies": [_filled(reply, contact.language, values) for reply in replies]}


def values_for(contact: Contact, person: Person) -> dict[str, str]:
    """Return what the variables stand for in a contact, in the customer's language."""
    brand = contact.case.brand
    return {
        "customer.name": contact.customer.name,
        "agent.name": person.customer_sees,
        "case.number": str(contact.case_id),
        "case.subject": contact.case.subject,
        "brand.name": brand.name_in(contact.language),
        "brand.phone": brand.phone,
    }


def _filled(reply: QuickReply, language: str, values: dict[str, str]) -> dict[str, Any]:
    text, text_language = reply.text_in(language)
    text, missing = fill(text, values)
    return {
        "id": reply.id,
        "name": reply.name,
        "shortcut": reply.shortcut,
        "level": levels.level_of(reply),
        "text": text,
        "language": text_language,
        "missing": missing,
    }
