"""Sending from the desk: held for a moment, planned for later, with the case's next state in the same move."""

from __future__ import annotations

from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import HeartlineError, Invalid, NotAllowed
from heartline.conversations.actions import cases, contacts
from heartline.conversations.models import Contact, Draft, Message, Outgoing
from heartline.conversations.models.case import CaseState
from heartline.conversations.outgoing import actions as outgoing_actions
from heartline.conversations.outgoing.actions import Letter
from heartline.ledger.actions import one_change
from heartline.people.actions import actor_for
from heartline.people.permissions import ROLES_WITH
from heartline.promises.models import FollowUp
from heartline.service.actions import Worker, check_filled, check_may_reply
from heartline.voice_of_customer.actions import invite

AT_ONCE = 200  # what one sweep lets go; the next comes in a second


def send(worker: Worker, contact: Contact, letter: Letter) -> Outgoing:
    """Send a reply that is held, planned, or sets the case's state; one that is held for no time goes at once."""
    if not 8 <= len(letter.client_key) <= 64:
        raise Invalid(_("This message has no proper key"), fields={"client_key": _("8 to 64 characters")})
    check_filled(letter.text)
    if not Outgoing.objects.filter(contact=contact, client_key=letter.client_key, person=worker.person).exists():
        check_may_reply(worker, contact, letter.client_key)
    held = outgoing_actions.hold_reply(contact, worker.person, letter, by=actor_for(worker.person), now=worker.now)
    if held.state == "waiting" and held.due_at <= worker.now:
        deliver(held, worker.now)
    return held


def take_back(worker: Worker, outgoing: Outgoing) -> Draft:
    """Take a reply back before it goes."""
    _check_may_decide(worker, outgoing)
    return outgoing_actions.take_back(outgoing, by=actor_for(worker.person), now=worker.now)


def change_plan(worker: Worker, outgoing: Outgoing, letter: Letter, *, version: int) -> Outgoing:
    """Change the words or the time of a planned reply."""
    _check_may_decide(worker, outgoing)
    check_filled(letter.text)
    if letter.planned_for is None:
        raise Invalid(_("Choose a time to come, within a year"), fields={"due_at": _("Choose a time to come")})
    return outgoing_actions.change_plan(
        outgoing,
        text=letter.text,
        planned_for=letter.planned_for,
        stop_if_answered=letter.stop_if_answered,
        version=version,
        by=actor_for(worker.person),
        now=worker.now,
    )


def send_now(worker: Worker, outgoing: Outgoing) -> None:
    """Send a planned or stopped reply at once."""
    _check_may_decide(worker, outgoing)
    outgoing_actions.send_now(outgoing, by=actor_for(worker.person), now=worker.now)
    deliver(outgoing, worker.now)


def send_due(now: datetime) -> int:
    """Send every reply that is due; returns how many went."""
    due = Outgoing.objects.filter(state="waiting", due_at__lte=now).order_by("due_at", "id")
    related = ("contact__case", "contact__queue", "contact__customer", "contact__assignee", "person", "case")
    return sum(deliver(outgoing, now) for outgoing in due.select_related(*related)[:AT_ONCE])


def deliver(outgoing: Outgoing, now: datetime) -> bool:
    """Turn a reply into a message and set its case's state, both or neither; what cannot go waits for its writer."""
    by = actor_for(outgoing.person)
    try:
        with translation.override(outgoing.person.language), one_change(may_fail=True):
            if _is_answered(outgoing):
                return not outgoing_actions.stop(outgoing, "stopped", "", by=by, now=now)
            _check_can_go(outgoing)
            message = outgoing_actions.let_go(outgoing, by=by, now=now)
            if message is not None:
                _settle(outgoing, by=by, now=now)
    except HeartlineError as refusal:
        outgoing.refresh_from_db()
        outgoing_actions.stop(outgoing, "failed", str(refusal.message), by=by, now=now)
        return False
    return message is not None


def _is_answered(outgoing: Outgoing) -> bool:
    if not outgoing.stop_if_answered:
        return False
    said = Message.objects.filter(case_id=outgoing.case_id, author_kind="customer", at__gt=outgoing.made_at)
    return said.exists()


def _check_can_go(outgoing: Outgoing) -> None:
    if not outgoing.person.is_active:
        raise NotAllowed(_("%(name)s does not work here any more") % {"name": outgoing.person.name})
    if outgoing.person.role not in ROLES_WITH["contact.serve"]:
        raise NotAllowed(_("%(name)s does not serve customers") % {"name": outgoing.person.name})
    if outgoing.contact.state == "abandoned":
        raise NotAllowed(_("The customer left before anybody served them"))


def _settle(outgoing: Outgoing, *, by: Actor, now: datetime) -> None:
    """Give the case the state that was asked for; what is still owed keeps it open, and solving ends the contact."""
    if not outgoing.after:
        return
    contact, state = outgoing.contact, outgoing.after
    if state == CaseState.SOLVED:
        if contact.state == "active" and contact.assignee_id == outgoing.person_id:
            contacts.end_contact(contact, ended_by="person", by=by, now=now)
            invite(contact, by=by, now=now)
        if FollowUp.objects.filter(case_id=outgoing.case_id, state="open").exists():
            state = CaseState.WAITING_INTERNAL
    cases.change_case(contact.case, {"state": state}, by=by, now=now)


def _check_may_decide(worker: Worker, outgoing: Outgoing) -> None:
    mine = worker.person.id in (outgoing.person_id, outgoing.contact.assignee_id)
    if not mine and not worker.scope.may("contact.reassign"):
        raise NotAllowed(_("%(name)s wrote this reply") % {"name": outgoing.person.name})
