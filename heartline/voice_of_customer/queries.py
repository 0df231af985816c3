"""Reading invitations by their secret, and responses by right."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotFound
from heartline.common.ids import token_hash
from heartline.conversations.models import Contact
from heartline.conversations.queries import cases_for
from heartline.people.queries import Scope
from heartline.voice_of_customer.models import Invitation, Response
from heartline.voice_of_customer.rules import RECEIPT_OPEN, answers_count, looks_like_token

_INVITED = ("case", "case__brand", "case__brand__site", "case__customer", "contact", "about")


def invitation_by_token(token: str, now: datetime) -> Invitation:
    """Return the invitation that still waits for an answer; wrong, spent and expired secrets are told alike."""
    found = None
    if looks_like_token(token):
        waiting = Invitation.objects.filter(token_hash=token_hash(token), response=None)
        found = waiting.select_related(*_INVITED).first()
    if found is None or not answers_count(now, found.expires_at):
        raise NotFound(_("This link has been used, or is too old"))
    return found


def open_invitation_of(contact: Contact, now: datetime) -> Invitation | None:
    """Return the invitation of a contact's case that still waits for an answer, for asking in the chat itself."""
    waiting = Invitation.objects.filter(case_id=contact.case_id, response=None, expires_at__gt=now)
    return waiting.select_related(*_INVITED).first()


def response_by_receipt(receipt: str, now: datetime) -> Response:
    """Return the response that a receipt is for, within the hour; otherwise told as a wrong link is."""
    found = None
    if looks_like_token(receipt):
        given = Response.objects.filter(receipt_hash=token_hash(receipt), at__gt=now - RECEIPT_OPEN)
        found = given.select_related(*(f"invitation__{name}" for name in _INVITED)).first()
    if found is None:
        raise NotFound(_("This link has been used, or is too old"))
    return found


def responses_for(scope: Scope) -> QuerySet[Response]:
    """Return the responses about cases a person may see."""
    if scope.everything:
        return Response.objects.all()
    return Response.objects.filter(case__in=cases_for(scope))
