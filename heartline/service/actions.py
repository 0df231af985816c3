"""What people do at the desk: each checks where the person stands, then calls the actions of the rooms below."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from heartline.common.errors import Conflict, Invalid, NotAllowed
from heartline.common.text import clean, fold
from heartline.conversations.actions import cases, contacts, messages
from heartline.conversations.models import Case, Contact, Message, Participant, Task, Tried, WrapUp
from heartline.conversations.models.case import CaseState
from heartline.conversations.quick_replies.rules import unfilled
from heartline.ledger.actions import one_change
from heartline.ledger.queries import history
from heartline.people.actions import actor_for, set_presence
from heartline.people.models import Person, Presence, PresenceState, Queue, Role
from heartline.people.models.presence import REASONS
from heartline.people.queries import Scope
from heartline.promises.actions import keep_callback
from heartline.promises.models import FollowUp
from heartline.routing import actions as routing
from heartline.service.rules import Standing
from heartline.voice_of_customer.actions import invite

# Presence that a person chooses; the rest is set by the house.
CHOSEN_STATES = (PresenceState.AVAILABLE, PresenceState.BREAK, PresenceState.NOT_READY, PresenceState.OFFLINE)
CHOSEN_REASONS = frozenset(REASONS) - {"missed_offer", "browser_gone"}


@dataclass(frozen=True, kw_only=True)
class Worker:
    """Who acts, with what they may reach, and when."""

    person: Person
    scope: Scope
    now: datetime


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """What travels with a transfer, and where to."""

    to_queue: Queue
    to_person: Person | None
    wants: str
    tried: str = ""
    promised: str = ""
    do_not_ask: str = ""


def choose_presence(worker: Worker, state: str, reason: str) -> Presence:
    """Set one's own presence; a reason belongs to being not ready or on a break."""
    if state not in CHOSEN_STATES:
        raise Invalid(_("Choose a presence from the list"), fields={"state": _("Choose from the list")})
    if reason and (reason not in CHOSEN_REASONS or state in (PresenceState.AVAILABLE, PresenceState.OFFLINE)):
        raise Invalid(_("Choose a reason from the list"), fields={"reason": _("Choose from the list")})
    return set_presence(worker.person, state, reason=reason, by=actor_for(worker.person), now=worker.now)


def standing_of(worker: Worker, contact: Contact) -> Standing:
    """Return where a person stands towards a contact; whom a note called in reads, and answers by a note."""
    held = contact.assignee_id == worker.person.id
    if held:
        return Standing(worker.person.id, worker.scope.rights, contact.state, contact.assignee_id, takes_part=True)
    invited = Participant.objects.filter(contact=contact, person=worker.person, left_at=None)
    lets = invited.exclude(role="mentioned").values_list("may_reply", flat=True).first()
    inside, may = lets is not None, bool(lets)
    return Standing(worker.person.id, worker.scope.rights, contact.state, contact.assignee_id, inside, may)


def write(
    worker: Worker, contact: Contact, kind: str, text: str, *, client_key: str, attachments: tuple[str, ...]
) -> Message:
    """Send a reply or add a note; the same `client_key` again adds nothing."""
    if not 8 <= len(client_key) <= 64:
        raise Invalid(_("This message has no proper key"), fields={"client_key": _("8 to 64 characters")})
    if kind not in ("reply", "note"):
        raise Invalid(_("A message is a reply or a note"))
    if kind == "reply":
        check_filled(text)
        check_may_reply(worker, contact, client_key)
    return messages.add_message(
        contact,
        kind,
        text,
        client_key=client_key,
        attachments=attachments,
        by=actor_for(worker.person),
        now=worker.now,
    )


def see(worker: Worker, contact: Contact, upto_id: int) -> int:
    """Mark the customer's messages read, when the person is in the contact: looking on marks nothing."""
    if not standing_of(worker, contact).is_in_it:
        return 0
    return messages.mark_seen(contact, upto_id, seen="read", side="person", by=actor_for(worker.person), now=worker.now)


def hand_over(worker: Worker, contact: Contact, card: HandOver) -> Contact:
    """Hand a contact to another queue or person, with the card that saves the customer from telling it twice."""
    _check_may_decide(worker, contact)
    _check_receiver(card)
    return routing.transfer_contact(
        contact,
        to_queue=card.to_queue,
        to_person=card.to_person,
        wants=card.wants,
        tried=card.tried,
        promised=card.promised,
        do_not_ask=card.do_not_ask,
        by=actor_for(worker.person),
        now=worker.now,
    )


def take(worker: Worker, contact: Contact, *, over: bool = False) -> Contact:
    """Take a waiting contact by hand. Only who may give work to others may go over the limits of an offer; that is recorded.

    A refusal tells whoever may that they could: `fields["over"]` is what the button says.
    """
    may_go_over = worker.scope.may("contact.reassign")
    if over and not may_go_over:
        raise NotAllowed(_("Only a supervisor can go beyond what one takes at once"))
    try:
        return routing.take_contact(contact, worker.person, over=over, by=actor_for(worker.person), now=worker.now)
    except Conflict as refusal:
        if refusal.code == "at_capacity" and may_go_over:
            refusal.fields["over"] = _("Take it all the same")
        raise


def give_back(worker: Worker, contact: Contact) -> Contact:
    """Put a contact back in its queue, at its old place."""
    _check_may_decide(worker, contact)
    return routing.give_back_contact(contact, by=actor_for(worker.person), now=worker.now)


def end(worker: Worker, contact: Contact) -> str:
    """End a contact and ask its customer how it was; returns the token of the question's link, once."""
    _check_may_decide(worker, contact)
    by = actor_for(worker.person)
    with one_change():
        contacts.end_contact(contact, ended_by="person", by=by, now=worker.now)
        asked = invite(contact, by=by, now=worker.now)
    return asked[1] if asked else ""


def wrap_up(worker: Worker, contact: Contact, wrapping: cases.Wrapping) -> WrapUp:
    """Record what a contact was about and how it ended; what is still owed keeps its case open, whatever was said.

    A call that was owed is kept by the call, unless who called says that we still owe something.
    """
    _check_may_decide(worker, contact)
    by = actor_for(worker.person)
    with one_change():
        written = cases.finish_contact(contact, wrapping, by=by, now=worker.now)
        if contact.channel == "callback" and wrapping.resolution != "promised":
            keep_callback(contact, _outcome(written), by=by, now=worker.now)
        if contact.case.state == CaseState.SOLVED and keeps_open(contact.case):
            cases.change_case(contact.case, {"state": CaseState.WAITING_INTERNAL}, by=by, now=worker.now)
    return written


def keeps_open(case: Case) -> bool:
    """Return whether something is still owed or still to be done for a case."""
    return FollowUp.objects.filter(case=case, state="open").exists() or has_open_tasks(case)


def has_open_tasks(case: Case) -> bool:
    """Return whether somebody of us still has something to do for a case."""
    return Task.objects.filter(case=case, state="open").exists()


def join(worker: Worker, contact: Contact) -> Participant:
    """Join a contact that somebody else serves."""
    if contact.assignee_id == worker.person.id:
        raise Conflict(_("This contact is yours already"))
    _check_live(contact)
    return cases.join_contact(contact, worker.person, "joined", by=actor_for(worker.person), now=worker.now)


def leave(worker: Worker, contact: Contact) -> None:
    """Leave a contact one had joined or was asked into."""
    cases.leave_contact(contact, worker.person, by=actor_for(worker.person), now=worker.now)


def ask_expert(worker: Worker, contact: Contact, expert: Person, question: str) -> Participant:
    """Ask an expert into a contact, with the question as a note; from now on they see its case."""
    _check_live(contact)
    if not standing_of(worker, contact).is_in_it and not worker.scope.may("contact.join"):
        raise NotAllowed(_("Take this contact first, or join it"))
    if expert.role != Role.EXPERT or not expert.is_active:
        raise Invalid(_("Choose an expert from the list"), fields={"person_id": _("Choose from the list")})
    by = actor_for(worker.person)
    with one_change():
        participant = cases.join_contact(contact, expert, "expert", by=by, now=worker.now)
        if question.strip():
            key = f"ask-{participant.id}-{fold(question)[:40]}"[:64]
            text = f"@{expert.name} {question.strip()}"
            messages.add_message(contact, "note", text, client_key=key, by=by, now=worker.now)
    return participant


def edit_case(worker: Worker, case: Case, changes: dict[str, str], *, seen: dict[str, str] | None = None) -> Case:
    """Change what a case is called and what the customer wants.

    `seen` is what the person had before them; when somebody has changed that meanwhile, nothing is written over.
    """
    _check_not_edited_meanwhile(case, seen or {})
    limits = {"subject": 200, "wants": 1000}
    cleaned = {name: clean(value, limits[name]) for name, value in changes.items()}
    if "subject" in cleaned and not cleaned["subject"]:
        message = _("One thing missing: %(field)s") % {"field": _("Subject")}
        raise Invalid(message, fields={"subject": message})
    return cases.change_case(case, cleaned, by=actor_for(worker.person), now=worker.now)


def add_tried(worker: Worker, case: Case, label: str, outcome: str) -> Tried:
    """Remember a step that was tried, so that nobody offers it again."""
    words = clean(label, 200)
    if not words:
        message = _("Write what was tried")
        raise Invalid(message, fields={"label": message})
    by = actor_for(worker.person)
    return cases.note_tried(case, "step", fold(words)[:80], words, outcome=clean(outcome, 200), by=by, now=worker.now)


def _outcome(written: WrapUp) -> str:
    """Return in words what came of a contact: as the wrap-up says, and what it adds."""
    return " · ".join(filter(None, (written.get_resolution_display(), written.what_happened, written.note)))


def _check_not_edited_meanwhile(case: Case, seen: dict[str, str]) -> None:
    now_there = {name: getattr(case, name) for name in seen}
    if now_there == seen:
        return
    last = history(case_id=case.id).filter(kind="conversations.case_changed").first()
    message = _("%(name)s changed this case while you were typing. Your changes are kept; compare first")
    raise Conflict(message % {"name": last.actor_name if last else ""}, code="edited_meanwhile", fields=now_there)


def check_filled(text: str) -> None:
    """Refuse a reply in which a variable of a quick reply still stands: it is never sent raw."""
    if unfilled(text):
        message = _("Fill in what stands in double braces first")
        raise Invalid(message, fields={"text": message})


def check_may_reply(worker: Worker, contact: Contact, client_key: str) -> None:
    """Refuse who may not reply; a reply that is already there was allowed, and is only sent again."""
    standing = standing_of(worker, contact)
    mine = Message.objects.filter(contact=contact, client_key=client_key, author=worker.person)
    if standing.may_reply or mine.exists():
        return
    if contact.state == "waiting":
        raise Conflict(_("Take this contact first. What you wrote is kept"), code="not_yours")
    if contact.state != "active":
        raise Conflict(_("This contact has ended. What you wrote is kept"), code="contact_ended")
    if "contact.serve" not in standing.rights:
        raise NotAllowed(_("Experts answer with an internal note; the colleague who serves replies to the customer"))
    name = contact.assignee.name if contact.assignee else ""
    raise Conflict(_("%(name)s serves this contact now. What you wrote is kept") % {"name": name}, code="not_yours")


def _check_may_decide(worker: Worker, contact: Contact) -> None:
    standing = standing_of(worker, contact)
    if standing.may_decide:
        return
    if contact.assignee is None:
        raise Conflict(_("Nobody has this contact. Take it first"), code="not_yours")
    raise Conflict(_("%(name)s serves this contact now") % {"name": contact.assignee.name}, code="not_yours")


def _check_live(contact: Contact) -> None:
    if contact.state not in ("waiting", "active"):
        raise Conflict(_("This contact has ended"), code="contact_ended")


def _check_receiver(card: HandOver) -> None:
    """A wish for a person must be one that can be met: somebody who serves that queue."""
    if card.to_person is None:
        return
    if not card.to_person.is_active or not card.to_queue.teams.filter(members=card.to_person).exists():
        message = _("%(name)s does not serve this queue") % {"name": card.to_person.name}
        raise Invalid(message, fields={"to_person": message})
