"""The only writer of invitations and responses: asked once, answered once, a low answer owed a reply at once."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.ids import new_token, token_hash
from heartline.common.text import clean
from heartline.conversations.models import Contact
from heartline.customers.actions import add_identity, phone_number
from heartline.customers.actions.facts import may_be_asked
from heartline.customers.models import IdentityKind
from heartline.ledger.actions import one_change, record
from heartline.people.queries import calendar_of
from heartline.promises.actions import open_follow_up
from heartline.promises.models import FollowUp
from heartline.promises.rules import low_score_due
from heartline.voice_of_customer.events import Invited, Responded
from heartline.voice_of_customer.models import Invitation, Response
from heartline.voice_of_customer.rules import (
    COMMENT_LIMIT,
    EXPIRES_AFTER,
    answers_count,
    asks_after,
    is_low,
    is_score,
    looks_like_token,
)
from heartline.voice_of_customer.words import verbatim


def invite(contact: Contact, *, by: Actor, now: datetime) -> tuple[Invitation, str] | None:
    """Ask the customer how it was, once per case; returns the invitation and its secret, or None when not asked."""
    if not asks_after(contact.state, contact.assignee_id):
        return None
    if Invitation.objects.filter(case_id=contact.case_id).exists() or not may_be_asked(contact.customer):
        return None
    token = new_token()
    with one_change():
        try:
            with transaction.atomic():
                invitation = _create_invitation(contact, token, now=now)
        except IntegrityError:  # asked by another process in this moment
            return None
        record(_invited(invitation), by=by, now=now, sample=contact.is_sample)
    return invitation, token


def respond(
    invitation: Invitation,
    score: int,
    comment: str,
    *,
    came_by: str,
    receipt: str = "",
    by: Actor,
    now: datetime,
) -> Response:
    """Take the one answer to an invitation; a low one is owed a reply from the same moment on."""
    if not is_score(score):
        message = _("Choose one of the five answers")
        raise Invalid(message, fields={"score": message})
    if not answers_count(now, invitation.expires_at):
        raise Conflict(_("This question is closed"), code="survey_closed")
    with one_change():
        try:
            with transaction.atomic():
                response = _create_response(invitation, score, comment, came_by, receipt, now=now)
        except IntegrityError:
            raise Conflict(_("You have answered already. Thank you"), code="survey_answered") from None
        record(_responded(response), by=by, now=now, sample=invitation.case.is_sample)
        if is_low(score):
            _owe_a_reply(response, verbatim(score, response.comment, invitation.case.language), by=by, now=now)
    return response


def ask_for_call(response: Response, phone: str, words: str, *, by: Actor, now: datetime) -> FollowUp:
    """Add to a low answer what let the customer down, and the number they want to be called on, if any."""
    number = phone_number(phone) if phone.strip() else ""
    said = clean(words, COMMENT_LIMIT)
    if not (number or said):
        message = _("Write something, or leave a number for us to call")
        raise Invalid(message, fields={"comment": message})
    with one_change():
        if said:
            response.comment = f"{response.comment}\n\n{said}".strip()
            response.save(update_fields=["comment"])
        if number:
            add_identity(response.case.customer, IdentityKind.PHONE, number, verified=False, by=by, now=now)
        return _owe_a_reply(response, said, phone=number, by=by, now=now)


def _owe_a_reply(response: Response, what: str, *, phone: str = "", by: Actor, now: datetime) -> FollowUp:
    case = response.case
    return open_follow_up(
        case,
        "low_score",
        contact=response.invitation.contact,
        owner=None,
        what=what,
        due_at=low_score_due(calendar_of(case.brand), now),
        phone=phone,
        by=by,
        now=now,
    )


def _create_invitation(contact: Contact, token: str, *, now: datetime) -> Invitation:
    return Invitation.objects.create(
        case_id=contact.case_id,
        contact=contact,
        about_id=contact.assignee_id,
        token_hash=token_hash(token),
        asked_at=now,
        expires_at=now + EXPIRES_AFTER,
    )


def _create_response(
    invitation: Invitation, score: int, comment: str, came_by: str, receipt: str, *, now: datetime
) -> Response:
    return Response.objects.create(
        invitation=invitation,
        case_id=invitation.case_id,
        score=score,
        comment=clean(comment, COMMENT_LIMIT),
        came_by=came_by,
        receipt_hash=token_hash(receipt) if looks_like_token(receipt) else None,
        at=now,
    )


def _invited(invitation: Invitation) -> Invited:
    contact = invitation.contact
    return Invited(
        invitation_id=invitation.id,
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        channel=contact.channel,
        about_id=invitation.about_id,
    )


def _responded(response: Response) -> Responded:
    invitation, contact = response.invitation, response.invitation.contact
    return Responded(
        invitation_id=invitation.id,
        contact_id=contact.id,
        case_id=contact.case_id,
        customer_id=contact.customer_id,
        queue_id=contact.queue_id,
        channel=contact.channel,
        about_id=invitation.about_id,
        score=response.score,
        has_comment=bool(response.comment),
        came_by=response.came_by,
    )
