"""What an expert does with a question: takes it, answers, declines, passes it on, joins the contact."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid, NotAllowed
from heartline.common.text import clean
from heartline.conversations.actions.cases import join_contact
from heartline.conversations.actions.messages import MESSAGE_LIMIT, add_message
from heartline.conversations.consultations.actions.asking import check_can_be_asked
from heartline.conversations.consultations.actions.moving import (
    end_asking,
    give_to,
    give_to_next,
    move,
    note,
    said_first,
)
from heartline.conversations.consultations.models import Asking, Consultation
from heartline.conversations.consultations.rules import Chosen
from heartline.conversations.models import Participant
from heartline.ledger.actions import one_change
from heartline.people.models import Person


def accept(consultation: Consultation, person: Person, *, by: Actor, now: datetime) -> Consultation:
    """Take a question: from now on it stays with the person until it is answered or given on."""
    _check_theirs(consultation, person)
    if consultation.state == "accepted":
        return consultation
    with one_change():
        move(consultation, "accept", go_on_at=None)
        Asking.objects.filter(consultation=consultation, ended_at=None).update(state="accepted")
        note(consultation, "accepted", by=by, now=now)
    return consultation


def answer(consultation: Consultation, person: Person, text: str, *, by: Actor, now: datetime) -> Consultation:
    """Answer a question: the answer is an internal note in the case, and who asked is told. The case is then closed to the expert."""
    _check_theirs(consultation, person)
    words = clean(text, MESSAGE_LIMIT)
    if not words:
        raise Invalid(_("Write your answer"), fields={"answer": _("Write your answer")})
    contact = consultation.contact
    with one_change():
        move(consultation, "answer", answer=words, answered_by=person, answered_at=now, person=None, go_on_at=None)
        key = f"answer-{consultation.id}"
        said = add_message(contact, "note", words, client_key=key, by=by, now=now)
        Consultation.objects.filter(id=consultation.id).update(note=said)
        consultation.refresh_from_db()
        end_asking(consultation, "answered", by=by, now=now)
        note(consultation, "answered", by=by, now=now)
    return consultation


def decline(
    consultation: Consultation, person: Person, reason: str, words: str = "", *, by: Actor, now: datetime
) -> Consultation:
    """Say no to a question, with a reason: it goes to the next who can answer."""
    _check_theirs(consultation, person)
    if reason not in dict(Asking.REASONS):
        raise Invalid(_("Choose why you cannot answer"), fields={"reason": _("Choose why you cannot answer")})
    with one_change():
        move(consultation, "give_on")
        end_asking(consultation, "declined", reason=reason, words=clean(words, 300), by=by, now=now)
        give_to_next(consultation, "declined", reason=reason, by=by, now=now)
    return consultation


def pass_on(consultation: Consultation, person: Person, to: Person, *, by: Actor, now: datetime) -> Consultation:
    """Pass a question on to a colleague who knows better."""
    _check_theirs(consultation, person)
    check_can_be_asked(to, consultation.asked_by_id)
    if to == person:
        raise Invalid(_("Choose somebody else"), fields={"person": _("Choose somebody else")})
    with one_change():
        move(consultation, "give_on")
        end_asking(consultation, "passed", by=by, now=now)
        give_to(consultation, Chosen(to.id, (("passed_on", {}),)), by_name=True, by=by, now=now)
        note(consultation, "passed", from_expert_id=person.id, by=by, now=now)
    return consultation


def join(consultation: Consultation, person: Person, *, by: Actor, now: datetime) -> Participant:
    """Join the contact that a question comes from: the case is then open to the expert until they leave.

    They write notes; to the customer only where who asked lets them.
    """
    _check_theirs(consultation, person)
    if consultation.contact.state not in ("waiting", "active"):
        raise Conflict(_("This contact has ended"), code="contact_ended")
    with one_change():
        accept(consultation, person, by=by, now=now)
        inside = join_contact(consultation.contact, person, "expert", by=by, now=now)
        Participant.objects.filter(id=inside.id).update(may_reply=consultation.may_reply)
        inside.refresh_from_db()
    return inside


def note_taken_over(consultation: Consultation, *, by: Actor, now: datetime) -> None:
    """Close a question whose expert serves the contact from now on."""
    with one_change():
        before = consultation.person_id
        move(consultation, "take_over", person=None, go_on_at=None)
        end_asking(consultation, "taken_over", by=by, now=now)
        note(consultation, "taken_over", from_expert_id=before, by=by, now=now)


def _check_theirs(consultation: Consultation, person: Person) -> None:
    if consultation.person_id == person.id:
        return
    if not consultation.is_open:
        raise Conflict(said_first(consultation), code="consultation_changed")
    raise NotAllowed(_("This question is not yours to answer any more"))
