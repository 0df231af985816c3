"""Questions to experts, for programs: asking, following, answering, and who can be asked."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.paging import page_of
from heartline.common.schemas import Done, Id, Moment, Page, PageAsked, Sent
from heartline.conversations.api.customers import Language
from heartline.conversations.consultations.actions import answering
from heartline.conversations.consultations.actions.asking import Question
from heartline.conversations.consultations.models import Consultation
from heartline.conversations.consultations.queries import (
    RELATED,
    answered_by,
    asked_of,
    asked_of_one,
    consultation_for,
    consultations_for,
)
from heartline.conversations.consultations.rules import OPEN
from heartline.people.actions import actor_for
from heartline.people.models import Person, Skill
from heartline.people.requests import StaffRequest
from heartline.service.actions import Worker
from heartline.service.api.desk import client_key_of, worker_of
from heartline.service.experts import actions
from heartline.service.experts.shown import shown_to

router = Router(tags=["Experts"])

Words = Annotated[str, Field(min_length=1, max_length=2000)]
Minutes = Annotated[int, Field(ge=1, le=14 * 24 * 60)]


class QuestionSent(Sent):
    """What is asked: of whoever has a skill at a level, or of a person. Without `due_at` the rule of the house holds."""

    question: Words
    skill_id: Id | None = None
    level: Annotated[int, Field(ge=1, le=5)] = 1
    language: Language | None = None
    person_id: Id | None = None
    due_at: Moment | None = None
    may_reply: bool = False


class QuestionChanges(Sent):
    """What to change of an open question; what is left out stays."""

    due_at: Moment | None = None
    may_reply: bool | None = None


class QuestionShown(BaseModel):
    """A question to an expert, and its answer. `person_id` is who has it now: null when it waits for somebody."""

    id: int
    case_id: int
    contact_id: int
    skill_id: int | None
    level: int
    language: str
    question: str
    asked_by_id: int | None
    asked_at: datetime
    state: str
    person_id: int | None
    may_reply: bool
    due_at: datetime
    late: bool
    answer: str
    answered_by_id: int | None
    answered_at: datetime | None
    note_id: int | None


class SpokenShown(BaseModel):
    """Something that was said in the contact; `by` is empty for the customer."""

    by: str
    text: str
    at: datetime


class AskedShown(BaseModel):
    """A question as its expert sees it: without case and contact, and with who the customer is hidden unless it is theirs to see."""

    id: int
    question: str
    asked_by_id: int | None
    asked_at: datetime
    state: str
    due_at: datetime
    late: bool
    customer: str
    subject: str
    wants: str
    said: list[SpokenShown]
    tried: list[str]
    is_masked: bool
    may_reply: bool


class AnsweredShown(BaseModel):
    """A question that one has answered; its case is closed to one again."""

    id: int
    question: str
    answer: str
    asked_by_id: int | None
    answered_at: datetime | None


class ExpertAnswerSent(Sent):
    """The answer: an internal note in the case."""

    answer: Annotated[str, Field(min_length=1, max_length=8000)]


class QuestionDeclineSent(Sent):
    """Why one cannot answer, and what would help."""

    reason: Literal["not_mine", "no_time", "too_little", "other"]
    words: Annotated[str, Field(max_length=300)] = ""


class PersonSent(Sent):
    """To whom a question goes."""

    person_id: Id


class GiveOnSent(Sent):
    """To whom a question goes; null: to the next who can answer."""

    person_id: Id | None = None


class SayingSent(Sent):
    """What one writes in a contact one has joined: a note, or, where who asked lets one, to the customer."""

    kind: Literal["note", "reply"]
    text: Annotated[str, Field(min_length=1, max_length=8000)]


class QuestionsAsked(PageAsked):
    """Which questions are wanted."""

    state: Literal["open", "asked", "accepted", "answered", "withdrawn", "taken_over"] | None = None
    case_id: Id | None = None
    asked_by_id: Id | None = None
    late: Literal["true"] | None = None


@router.get("/questions", response=Page[QuestionShown])
def list_questions(request: StaffRequest, asked: Query[QuestionsAsked]) -> Page[QuestionShown]:
    """Return the questions of the cases the caller sees and those the caller asked, newest first."""
    rows, now = consultations_for(request.scope).select_related(*RELATED), clock.now()
    if asked.state:
        rows = rows.filter(state__in=OPEN if asked.state == "open" else (asked.state,))
    if asked.case_id:
        rows = rows.filter(contact__case_id=asked.case_id)
    if asked.asked_by_id:
        rows = rows.filter(asked_by_id=asked.asked_by_id)
    if asked.late:
        rows = rows.filter(state__in=OPEN, due_at__lte=now)
    found, following = page_of(rows, asked.cursor, asked.limit)
    return Page(items=[_shown(row, now) for row in found], next=following)


@router.post("/cases/{case_id}/questions", response={201: QuestionShown})
def ask_question(request: StaffRequest, case_id: Id, sent: QuestionSent) -> QuestionShown:
    """Ask an expert from inside a case; the answer lands in it as an internal note, and the contact goes on meanwhile."""
    worker = worker_of(request)
    question = Question(
        text=sent.question,
        skill=named(Skill, sent.skill_id, "skill_id"),
        level=sent.level,
        language=sent.language or "",
        person=named(Person, sent.person_id, "person_id"),
        due_at=sent.due_at,
        may_reply=sent.may_reply,
    )
    return _shown(actions.ask_in_case(worker, case_id, question), worker.now)


@router.get("/questions/{question_id}", response=QuestionShown)
def read_question(request: StaffRequest, question_id: Id) -> QuestionShown:
    """Return one question."""
    return _shown(consultation_for(request.scope, question_id), clock.now())


@router.patch("/questions/{question_id}", response=QuestionShown)
def change_question(request: StaffRequest, question_id: Id, sent: QuestionChanges) -> QuestionShown:
    """Change by when an open question is due, or whether its expert may write to the customer."""
    worker, row = worker_of(request), consultation_for(request.scope, question_id)
    return _shown(actions.change(worker, row, sent.due_at, sent.may_reply), worker.now)


@router.post("/questions/{question_id}/withdraw", response=QuestionShown)
def withdraw_question(request: StaffRequest, question_id: Id) -> QuestionShown:
    """Take a question back."""
    worker = worker_of(request)
    return _shown(actions.withdraw(worker, consultation_for(request.scope, question_id)), worker.now)


@router.post("/questions/{question_id}/give-on", response=QuestionShown)
def give_question_on(request: StaffRequest, question_id: Id, sent: GiveOnSent) -> QuestionShown:
    """Bring an open question to somebody else, or to the next who can answer."""
    worker, person = worker_of(request), named(Person, sent.person_id, "person_id")
    return _shown(actions.give_on(worker, consultation_for(request.scope, question_id), person), worker.now)


@router.post("/questions/{question_id}/seen", response=Done)
def see_answer(request: StaffRequest, question_id: Id) -> Done:
    """Note that the caller, who asked, has seen the answer."""
    actions.see(worker_of(request), consultation_for(request.scope, question_id))
    return Done()


@router.get("/asked-of-me", response=Page[AskedShown])
def list_asked_of_me(request: StaffRequest, asked: Query[PageAsked]) -> Page[AskedShown]:
    """Return what is asked of the caller now, newest first."""
    found, following = page_of(asked_of(request.user.id), asked.cursor, asked.limit)
    now = clock.now()
    return Page(items=[_asked_shown(request, row, now) for row in found], next=following)


@router.get("/asked-of-me/{question_id}", response=AskedShown)
def read_asked_of_me(request: StaffRequest, question_id: Id) -> AskedShown:
    """Return a question that is the caller's to answer, with as much of the case as it needs."""
    return _asked_shown(request, asked_of_one(request.scope, question_id), clock.now())


@router.get("/answered-by-me", response=Page[AnsweredShown])
def list_answered_by_me(request: StaffRequest, asked: Query[PageAsked]) -> Page[AnsweredShown]:
    """Return what the caller has answered, newest question first."""
    found, following = page_of(answered_by(request.user.id), asked.cursor, asked.limit)
    names = AnsweredShown.model_fields
    return Page(items=[AnsweredShown(**{name: getattr(row, name) for name in names}) for row in found], next=following)


@router.post("/asked-of-me/{question_id}/take", response=Done)
def take_question(request: StaffRequest, question_id: Id) -> Done:
    """Take a question: it stays with the caller until it is answered."""
    worker, row = _mine(request, question_id)
    answering.accept(row, worker.person, by=actor_for(worker.person), now=worker.now)
    return Done()


@router.post("/asked-of-me/{question_id}/answer", response=Done)
def answer_question(request: StaffRequest, question_id: Id, sent: ExpertAnswerSent) -> Done:
    """Answer a question: the answer is an internal note in the case, and who asked is told."""
    worker, row = _mine(request, question_id)
    answering.answer(row, worker.person, sent.answer, by=actor_for(worker.person), now=worker.now)
    return Done()


@router.post("/asked-of-me/{question_id}/decline", response=Done)
def decline_question(request: StaffRequest, question_id: Id, sent: QuestionDeclineSent) -> Done:
    """Say no to a question: it goes to the next who can answer."""
    worker, row = _mine(request, question_id)
    answering.decline(row, worker.person, sent.reason, sent.words, by=actor_for(worker.person), now=worker.now)
    return Done()


@router.post("/asked-of-me/{question_id}/pass-on", response=Done)
def pass_question_on(request: StaffRequest, question_id: Id, sent: PersonSent) -> Done:
    """Pass a question on to somebody who knows better."""
    worker, row = _mine(request, question_id)
    to = named(Person, sent.person_id, "person_id")
    answering.pass_on(row, worker.person, to, by=actor_for(worker.person), now=worker.now)
    return Done()


@router.post("/asked-of-me/{question_id}/join", response=Done)
def join_as_expert(request: StaffRequest, question_id: Id) -> Done:
    """Join the contact of a question: its case is open to the caller until they leave."""
    worker, row = _mine(request, question_id)
    answering.join(row, worker.person, by=actor_for(worker.person), now=worker.now)
    return Done()


@router.post("/asked-of-me/{question_id}/leave", response=Done)
def leave_as_expert(request: StaffRequest, question_id: Id) -> Done:
    """Leave the contact of a question; the question stays."""
    actions.leave(*_mine(request, question_id))
    return Done()


@router.post("/asked-of-me/{question_id}/say", response={201: Done})
def say_as_expert(request: StaffRequest, question_id: Id, sent: SayingSent) -> Done:
    """Write a note in the contact one has joined, or to its customer where who asked lets one."""
    worker, row = _mine(request, question_id)
    actions.say(worker, row, sent.kind, sent.text, client_key=client_key_of(request))
    return Done()


@router.post("/asked-of-me/{question_id}/take-over", response=Done)
def take_contact_over(request: StaffRequest, question_id: Id) -> Done:
    """Serve the contact oneself instead of answering; only who serves customers can."""
    actions.take_over(*_mine(request, question_id))
    return Done()


def _mine(request: StaffRequest, question_id: int) -> tuple[Worker, Consultation]:
    return worker_of(request), asked_of_one(request.scope, question_id)


def named(table: Any, id: int | None, name: str) -> Any:
    """Return a thing that a program names by id; None when it names none."""
    if id is None:
        return None
    rows: QuerySet[Any] = table.objects.all()
    found = rows.filter(id=id).first()
    if found is None:
        raise Invalid(_("Choose from the list"), fields={name: _("Choose from the list")})
    return found


def _shown(row: Consultation, now: datetime) -> QuestionShown:
    plain = {name: getattr(row, name) for name in QuestionShown.model_fields if name not in ("case_id", "late")}
    return QuestionShown(**plain, case_id=row.contact.case_id, late=row.is_open and row.due_at <= now)


def _asked_shown(request: StaffRequest, row: Consultation, now: datetime) -> AskedShown:
    shown = shown_to(request.scope, row)
    return AskedShown(
        id=row.id,
        question=row.question,
        asked_by_id=row.asked_by_id,
        asked_at=row.asked_at,
        state=row.state,
        due_at=row.due_at,
        late=row.due_at <= now,
        customer=shown.customer,
        subject=shown.subject,
        wants=shown.wants,
        said=[SpokenShown(by=one.by, text=one.text, at=one.at) for one in shown.said],
        tried=shown.tried,
        is_masked=shown.is_masked,
        may_reply=shown.may_reply,
    )
