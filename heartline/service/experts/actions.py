"""What people do with questions to experts: each checks where the person stands, then calls the rooms below."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid, NotAllowed
from heartline.conversations.actions.cases import leave_contact
from heartline.conversations.consultations.actions import answering, asking
from heartline.conversations.consultations.actions.asking import Question
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.models import Contact, Message, Participant
from heartline.conversations.queries import case_for
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.routing.actions import reassign_contact
from heartline.service.actions import Worker, write


def ask(worker: Worker, contact: Contact, question: Question) -> Consultation:
    """Ask an expert from inside a case; whoever serves customers and sees the case may."""
    worker.scope.require("contact.serve")
    return asking.ask(contact, question, by=actor_for(worker.person), now=worker.now)


def ask_in_case(worker: Worker, case_id: int, question: Question) -> Consultation:
    """Ask an expert about a case: from its latest contact."""
    case = case_for(worker.scope, case_id)
    contact = Contact.objects.filter(case=case).select_related("case__customer", "queue__brand").latest("id")
    return ask(worker, contact, question)


def withdraw(worker: Worker, consultation: Consultation) -> Consultation:
    """Take a question back."""
    _check_may_steer(worker, consultation)
    return asking.withdraw(consultation, by=actor_for(worker.person), now=worker.now)


def give_on(worker: Worker, consultation: Consultation, person: Person | None) -> Consultation:
    """Bring a question to somebody else, or to the next who can answer."""
    _check_may_steer(worker, consultation)
    return asking.give_on(consultation, person, by=actor_for(worker.person), now=worker.now)


def change(worker: Worker, consultation: Consultation, due_at: datetime | None, may_reply: bool | None) -> Consultation:
    """Change by when an answer is due, or whether its expert may write to the customer."""
    _check_may_steer(worker, consultation)
    by = actor_for(worker.person)
    return asking.change(consultation, due_at=due_at, may_reply=may_reply, by=by, now=worker.now)


def see(worker: Worker, consultation: Consultation) -> bool:
    """Note that who asked has seen the answer."""
    return asking.see(consultation, by=actor_for(worker.person), now=worker.now)


def take_over(worker: Worker, consultation: Consultation) -> Contact:
    """Serve the contact oneself instead of answering; only who serves customers can."""
    worker.scope.require("contact.serve")
    contact, by = consultation.contact, actor_for(worker.person)
    if consultation.person_id != worker.person.id:
        raise NotAllowed(_("This question is not yours to answer any more"))
    if contact.state not in ("waiting", "active"):
        raise Conflict(_("This contact has ended"), code="contact_ended")
    with one_change():
        taken = reassign_contact(contact, worker.person, why="taken_over", by=by, now=worker.now)
        answering.note_taken_over(consultation, by=by, now=worker.now)
    return taken


def leave(worker: Worker, consultation: Consultation) -> None:
    """Leave a contact that one had joined as its expert."""
    leave_contact(consultation.contact, worker.person, by=actor_for(worker.person), now=worker.now)


def say(worker: Worker, consultation: Consultation, kind: str, text: str, *, client_key: str) -> Message:
    """Write a note in a contact that one has joined, or, where who asked lets one, to its customer."""
    contact = consultation.contact
    inside = Participant.objects.filter(contact=contact, person=worker.person, left_at=None).exclude(role="mentioned")
    if not inside.exists():
        raise NotAllowed(_("Join this contact first"))
    if not text.strip():
        raise Invalid(_("Write something first"), fields={"text": _("Write something first")})
    return write(worker, contact, kind, text, client_key=client_key, attachments=())


def in_own_language(question: Question, contact: Contact) -> Question:
    """Return a question that asks for somebody who speaks the customer's language, unless it names another."""
    return question if question.language else replace(question, language=contact.language)


def _check_may_steer(worker: Worker, consultation: Consultation) -> None:
    """Who asked steers a question; so does who serves the contact, and who leads."""
    mine = worker.person.id in (consultation.asked_by_id, consultation.contact.assignee_id)
    if not mine and not worker.scope.may("contact.reassign"):
        raise NotAllowed(_("Only who asked, who serves the contact or a supervisor can change this question"))
