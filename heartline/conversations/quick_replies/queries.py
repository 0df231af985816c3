"""Whose quick replies a person may use, and which they may change."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.conversations.models import Contact, QuickReply
from heartline.conversations.quick_replies.rules import fill
from heartline.people.models import Person, Team
from heartline.people.queries import Scope

# More are found by typing on: the list in the browser holds the most used.
LISTED = 500


def quick_replies_for(scope: Scope) -> QuerySet[QuickReply]:
    """Return the quick replies a person may use: everybody's, their teams', their own."""
    if not scope.rights:
        return QuickReply.objects.none()
    shared = Q(person=None, team=None) | Q(team_id__in=scope.team_ids)
    if scope.everything:
        shared |= Q(team__isnull=False)
    return QuickReply.objects.filter(shared | Q(person_id=scope.person_id))


def quick_reply_for(scope: Scope, reply_id: int) -> QuickReply:
    """Return one quick reply the person may use, or raise NotFound."""
    found = quick_replies_for(scope).select_related("team").filter(id=reply_id).first()
    if found is None:
        raise NotFound(_("There is no such quick reply, or it is not yours to see"))
    return found


def may_change(scope: Scope, reply: QuickReply) -> bool:
    """Return whether a person may change a quick reply: their own; as a supervisor their teams'; everybody's as administrator."""
    if reply.person_id:
        return reply.person_id == scope.person_id
    if reply.team_id:
        return scope.may("quick_replies.team") and (scope.everything or reply.team_id in scope.team_ids)
    return scope.may("setup.manage")


def teams_to_share_with(scope: Scope) -> QuerySet[Team]:
    """Return the teams whose quick replies a person may write."""
    if not scope.may("quick_replies.team"):
        return Team.objects.none()
    teams = Team.objects.all() if scope.everything else Team.objects.filter(id__in=scope.team_ids)
    return teams.order_by("name_en", "id")


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
    level = "own" if reply.person_id else "team" if reply.team_id else "everybody"
    return {
        "id": reply.id,
        "name": reply.name,
        "shortcut": reply.shortcut,
        "level": level,
        "text": text,
        "language": text_language,
        "missing": missing,
    }
