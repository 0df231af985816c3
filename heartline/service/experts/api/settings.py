"""Who can be asked, how they want to be asked, and how soon answers are due, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel, Field

from heartline.common import clock
from heartline.common.errors import NotFound
from heartline.common.paging import page_of
from heartline.common.schemas import Done, Id, Moment, Page, PageAsked, Sent, WallClock
from heartline.conversations.consultations.actions.settings import (
    remove_answer_time,
    save_answer_time,
    save_expertise,
)
from heartline.conversations.consultations.models import AnswerTime
from heartline.conversations.consultations.queries import (
    answer_time,
    expertise_of,
    experts,
    is_expert,
    pool,
)
from heartline.conversations.consultations.rules import Need, why_not
from heartline.people.actions import actor_for
from heartline.people.models import Person, Skill
from heartline.people.requests import StaffRequest
from heartline.service.experts.api.questions import named

router = Router(tags=["Experts"])

Minutes = Annotated[int, Field(ge=1, le=14 * 24 * 60)]


class AskedHoursSent(Sent):
    """A span of the week, 0 being Monday, on the clock of the person's site."""

    weekday: Annotated[int, Field(ge=0, le=6)]
    opens: WallClock
    closes: WallClock


class AskedHoursShown(BaseModel):
    """A span of the week, 0 being Monday, on the clock of the person's site."""

    weekday: int
    opens: WallClock
    closes: WallClock


class ExpertiseSent(Sent):
    """How one wants to be asked; what is left out stays. No hours: at any time."""

    asks_me: bool = True
    quiet_until: Moment | None = None
    at_once: Annotated[int, Field(ge=1, le=20)] = 3
    hours: Annotated[list[AskedHoursSent], Field(max_length=50)] = []


class PersonExpertiseSent(ExpertiseSent):
    """How somebody is asked, and whether at all."""

    answers: bool = True


class ExpertiseShown(BaseModel):
    """How somebody wants to be asked."""

    person_id: int
    answers: bool
    asks_me: bool
    quiet_until: datetime | None
    at_once: int
    hours: list[AskedHoursShown]


class ExpertSkillShown(BaseModel):
    """A skill somebody has."""

    skill_id: int
    level: int


class ExpertShown(BaseModel):
    """Somebody who can be asked. `why_not` is empty when they can be asked now: else off, quiet, outside_hours or full."""

    id: int
    name: str
    role: str
    skills: list[ExpertSkillShown]
    languages: list[str]
    open: int
    at_once: int
    why_not: str


class AnswerTimeSent(Sent):
    """How soon questions about a skill are answered, taken and warned of; without a skill, all that have no time of their own."""

    skill_id: Id | None = None
    answer_minutes: Minutes
    take_minutes: Minutes = 10
    warn_minutes: Minutes = 15


class AnswerTimeShown(BaseModel):
    """How soon questions are answered. The time of all others has no skill, and no id until it was set."""

    id: int | None
    skill_id: int | None
    answer_minutes: int
    take_minutes: int
    warn_minutes: int


class AnswerTimesShown(BaseModel):
    """All times, that of all others last."""

    items: list[AnswerTimeShown]


@router.get("/experts", response=Page[ExpertShown])
def list_all_experts(request: StaffRequest, asked: Query[PageAsked]) -> Page[ExpertShown]:
    """Return everybody who can be asked, newest first, with whether they can be asked now."""
    found, following = page_of(pool().order_by(), asked.cursor, asked.limit)
    able, now = experts(found), clock.now()
    items = [
        ExpertShown(
            id=person.id,
            name=person.name,
            role=person.role,
            skills=[ExpertSkillShown(skill_id=id, level=level) for id, level in sorted(able[person.id].skills.items())],
            languages=sorted(able[person.id].languages - {""}),
            open=able[person.id].open,
            at_once=able[person.id].at_once,
            why_not=why_not(able[person.id], Need(), now),
        )
        for person in found
    ]
    return Page(items=items, next=following)


@router.get("/people/me/expertise", response=ExpertiseShown)
def read_own_expertise(request: StaffRequest) -> ExpertiseShown:
    """Return how the caller wants to be asked."""
    return _expertise(request.user)


@router.patch("/people/me/expertise", response=ExpertiseShown)
def change_own_expertise(request: StaffRequest, sent: ExpertiseSent) -> ExpertiseShown:
    """Change how the caller wants to be asked."""
    return _saved(request, request.user, sent)


@router.patch("/people/{person_id}/expertise", response=ExpertiseShown)
def change_expertise(request: StaffRequest, person_id: Id, sent: PersonExpertiseSent) -> ExpertiseShown:
    """Say whether somebody answers questions, and how they are asked."""
    person = Person.objects.filter(id=person_id, is_active=True).select_related("site").first()
    if person is None:
        raise NotFound(_("There is no such colleague"))
    return _saved(request, person, sent)


@router.get("/answer-times", response=AnswerTimesShown)
def list_answer_times(request: StaffRequest) -> AnswerTimesShown:
    """Return how soon questions are answered, by skill and for all others."""
    rows = [*AnswerTime.objects.exclude(skill=None).order_by("id"), answer_time(None)]
    return AnswerTimesShown(items=[_time(row) for row in rows])


@router.put("/answer-times", response=AnswerTimeShown)
def set_answer_time(request: StaffRequest, sent: AnswerTimeSent) -> AnswerTimeShown:
    """Say how soon questions about a skill are answered, or all that have no time of their own."""
    values = sent.model_dump(exclude={"skill_id"})
    skill = named(Skill, sent.skill_id, "skill_id")
    return _time(save_answer_time(skill, values, by=actor_for(request.user), now=clock.now()))


@router.delete("/answer-times/{time_id}", response=Done)
def remove_time_of_skill(request: StaffRequest, time_id: Id) -> Done:
    """Let a skill's questions be answered as soon as all others."""
    row = AnswerTime.objects.filter(id=time_id).select_related("skill").first()
    if row is None:
        raise NotFound(_("There is no such time"))
    remove_answer_time(row, by=actor_for(request.user), now=clock.now())
    return Done()


def _expertise(person: Person) -> ExpertiseShown:
    how = expertise_of(person)
    spans = [AskedHoursShown(weekday=day, opens=opens, closes=closes) for day, opens, closes in how.hours]
    plain = {name: getattr(how, name) for name in ("asks_me", "quiet_until", "at_once")}
    return ExpertiseShown(person_id=person.id, answers=is_expert(person), hours=spans, **plain)


def _saved(request: StaffRequest, person: Person, sent: ExpertiseSent) -> ExpertiseShown:
    values = sent.model_dump(exclude_unset=True)
    if "hours" in values:
        values["hours"] = [[one["weekday"], one["opens"], one["closes"]] for one in values["hours"]]
    save_expertise(person, values, by=actor_for(request.user), now=clock.now())
    return _expertise(Person.objects.select_related("site").get(id=person.id))


def _time(row: AnswerTime) -> AnswerTimeShown:
    return AnswerTimeShown(**{name: getattr(row, name) for name in AnswerTimeShown.model_fields})
