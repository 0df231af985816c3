"""Asking: a question, to somebody by name or to whoever can answer it; and what who asked may change of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import clean
from heartline.conversations.consultations.actions.moving import end_asking, give_to, give_to_next, move, note, tell
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.consultations.queries import answer_time, pool
from heartline.conversations.consultations.rules import OPEN, Chosen, due_time, warning_time
from heartline.conversations.models import Contact, Participant
from heartline.ledger.actions import one_change
from heartline.people.models import Person, Skill
from heartline.people.queries import calendar_of

WORDS = 2000
MOST_OPEN = 10
LONGEST = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked: of whoever has a skill at a level, or of a person by name. Without a due time, the rule's holds."""

    text: str
    skill: Skill | None = None
    level: int = 1
    language: str = ""
    person: Person | None = None
    due_at: datetime | None = None
    may_reply: bool = False


def ask(contact: Contact, question: Question, *, by: Actor, now: datetime) -> Consultation:
    """Ask an expert from inside a case. The customer's contact goes on as if nothing were: nothing waits for the answer."""
    text = _checked(contact, question, by, now)
    times = answer_time(question.skill)
    due_at = question.due_at or due_of(contact, question.skill, now=now)
    with one_change():
        asked = Consultation.objects.create(
            contact=contact,
            skill=question.skill,
            level=question.level,
            language=question.language,
            question=text,
            asked_by_id=by.id if by.kind == "person" else None,
            asked_at=now,
            by_name=question.person is not None,
            may_reply=question.may_reply,
            due_at=due_at,
            warn_at=warning_time(now, due_at, times.warn_minutes),
        )
        if question.person:
            give_to(asked, Chosen(question.person.id, (("by_name", {}),)), by_name=True, by=by, now=now)
            note(asked, "asked", by=by, now=now)
        else:
            give_to_next(asked, "asked", by=by, now=now)
    return asked


def due_of(contact: Contact, skill: Skill | None, *, now: datetime) -> datetime:
    """Return by when an answer is due by the rule, in the hours of the contact's brand."""
    return due_time(now, answer_time(skill).answer_minutes, calendar_of(contact.queue.brand))


def withdraw(consultation: Consultation, *, by: Actor, now: datetime) -> Consultation:
    """Take a question back: the answer is not needed any more."""
    with one_change():
        before = consultation.person_id
        move(consultation, "withdraw", person=None, go_on_at=None)
        end_asking(consultation, "withdrawn", by=by, now=now)
        note(consultation, "withdrawn", from_expert_id=before, by=by, now=now)
    return consultation


def give_on(consultation: Consultation, person: Person | None, *, by: Actor, now: datetime) -> Consultation:
    """Bring an open question to somebody else by name, or to the next who can answer it."""
    check_can_be_asked(person, consultation.asked_by_id)
    if person is not None and person.id == consultation.person_id:
        raise Conflict(_("%(name)s has this question already") % {"name": person.name})
    with one_change():
        before = consultation.person_id
        move(consultation, "give_on")
        end_asking(consultation, "given_on", by=by, now=now)
        if person is None:
            give_to_next(consultation, "given_on", by=by, now=now)
        else:
            give_to(consultation, Chosen(person.id, (("by_name", {}),)), by_name=True, by=by, now=now)
            note(consultation, "given_on", from_expert_id=before, by=by, now=now)
    return consultation


def change(
    consultation: Consultation,
    *,
    due_at: datetime | None = None,
    may_reply: bool | None = None,
    by: Actor,
    now: datetime,
) -> Consultation:
    """Change by when an open question is due, or whether who answers may write to the customer."""
    _check_due(due_at, now)
    due, may = due_at or consultation.due_at, consultation.may_reply if may_reply is None else may_reply
    if (due, may) == (consultation.due_at, consultation.may_reply):
        return consultation
    fields = {"due_at": due, "may_reply": may}
    if due_at:
        warn_at = warning_time(now, due, answer_time(consultation.skill).warn_minutes)
        fields |= {"warn_at": warn_at, "warned_at": None, "late_at": None}
    with one_change():
        standing = Consultation.objects.filter(id=consultation.id, state__in=OPEN, version=consultation.version)
        changed = standing.update(**fields, version=F("version") + 1)
        consultation.refresh_from_db()
        if not changed:
            raise Conflict(_("Somebody has just changed this question. Look again"), code="consultation_changed")
        inside = Participant.objects.filter(
            contact=consultation.contact_id, person=consultation.person_id, left_at=None
        )
        inside.filter(role="expert").update(may_reply=may)
        note(consultation, "changed", by=by, now=now)
        if consultation.person_id:
            tell(consultation, consultation.person_id, "changed", by=by, now=now)
    return consultation


def see(consultation: Consultation, *, by: Actor, now: datetime) -> bool:
    """Note that who asked has seen the end of it; returns whether that was new."""
    with one_change():
        mine = Consultation.objects.filter(id=consultation.id, asked_by_id=by.id, seen_at=None).exclude(state__in=OPEN)
        seen = bool(mine.update(seen_at=now))
        if seen:
            consultation.refresh_from_db()
            note(consultation, "seen", by=by, now=now)
    return seen


def check_can_be_asked(person: Person | None, asked_by_id: int | None) -> None:
    """Raise Invalid for somebody who is not asked anything, or who asks."""
    if person is None:
        return
    if person.id == asked_by_id:
        raise _wrong("person", _("You cannot ask yourself"))
    if not pool().filter(id=person.id).exists():
        raise _wrong("person", _("Choose an expert from the list"))


def _checked(contact: Contact, question: Question, by: Actor, now: datetime) -> str:
    text = clean(question.text, WORDS + 1)
    if not text:
        raise _wrong("question", _("Write what you want to know"))
    if len(text) > WORDS:
        raise _wrong("question", _("This is longer than %(limit)s characters") % {"limit": WORDS})
    if question.skill is None and question.person is None:
        raise _wrong("skill", _("Choose a skill, or a person"))
    check_can_be_asked(question.person, by.id if by.kind == "person" else None)
    _check_due(question.due_at, now)
    if Consultation.objects.filter(contact__case_id=contact.case_id, state__in=OPEN).count() >= MOST_OPEN:
        raise _wrong("question", _("A case has up to %(limit)s open questions") % {"limit": MOST_OPEN})
    return text


def _check_due(due_at: datetime | None, now: datetime) -> None:
    if due_at is not None and not now < due_at <= now + LONGEST:
        raise _wrong("due_at", _("Choose a time from now to 30 days ahead"))


def _wrong(name: str, message: str) -> Invalid:
    return Invalid(message, fields={name: message})
