"""How a person wants to be asked, and how soon answers are due."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid
from heartline.conversations.consultations.events import AnswerTimeChanged, ExpertiseChanged
from heartline.conversations.consultations.models import AnswerTime, Expertise
from heartline.conversations.consultations.queries import expertise_of
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person, Role, Skill
from heartline.people.rules import read_spans
from heartline.people.setup_actions.settings import write

OWN = frozenset({"asks_me", "quiet_until", "at_once", "hours"})


def save_expertise(person: Person, values: Mapping[str, Any], *, by: Actor, now: datetime) -> Expertise:
    """Change how a person wants to be asked; what is left out stays."""
    quiet = values.get("quiet_until")
    if quiet is not None and quiet <= now:
        raise Invalid(_("This time has passed"), fields={"quiet_until": _("This time has passed")})
    with one_change():
        Expertise.objects.get_or_create(person=person, defaults={"answers": person.role == Role.EXPERT})
        row = Expertise.objects.get(person=person)
        changed = write(row, {**values})
        if changed:
            event = ExpertiseChanged(person_id=person.id, changed=changed)
            record(event, by=by, now=now, sample=person.is_sample)
    person.refresh_from_db()
    return expertise_of(person)


def hours_from(week: Mapping[int, str]) -> list[list[Any]]:
    """Return the hours that were written for each weekday (0 = Monday), or raise Invalid naming the day."""
    hours: list[list[Any]] = []
    for day, text in sorted(week.items()):
        try:
            spans = read_spans(text)
        except ValueError:
            message = _("Write hours such as 09:00–12:00, 13:30–18:00")
            raise Invalid(message, fields={f"day_{day}": message}) from None
        hours += [[day, f"{opens:%H:%M}", f"{closes:%H:%M}"] for opens, closes in spans]
    return hours


def save_answer_time(skill: Skill | None, values: Mapping[str, Any], *, by: Actor, now: datetime) -> AnswerTime:
    """Say how soon questions about a skill are to be answered; without a skill, all that have no time of their own."""
    if values["take_minutes"] > values["answer_minutes"] or values["warn_minutes"] >= values["answer_minutes"]:
        message = _("Taking and warning come before the answer is due")
        raise Invalid(message, fields={"answer_minutes": message})
    with one_change():
        row = AnswerTime.objects.select_for_update().filter(skill=skill).order_by("id").first()
        standing = row or AnswerTime(skill=skill, is_sample=bool(skill and skill.is_sample))
        if changed := write(standing, values):
            _note(skill, changed, by=by, now=now)
    return standing


def remove_answer_time(row: AnswerTime, *, by: Actor, now: datetime) -> None:
    """Let a skill's questions be answered as soon as all others."""
    with one_change():
        _note(row.skill, ("removed",), by=by, now=now)
        row.delete()


def _note(skill: Skill | None, changed: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    event = AnswerTimeChanged(skill_id=skill.id if skill else None, changed=changed)
    record(event, by=by, now=now, sample=bool(skill and skill.is_sample))
