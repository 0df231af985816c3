"""What can be chosen when an expert is asked: skills with who has them, people with when they can be asked, and by when."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from heartline.conversations.consultations.actions.asking import due_of
from heartline.conversations.consultations.queries import experts, pool
from heartline.conversations.consultations.rules import Expert, Need, why_not
from heartline.conversations.models import Contact
from heartline.people.models import Person, Skill
from heartline.service.experts.words import standing_words

Choices = dict[str, Any]


def for_asking(contact: Contact, person: Person, now: datetime) -> Choices:
    """Return what a question from a contact can be, with times on the clock of whoever asks."""
    zone = person.site.time_zone
    people = [one for one in pool() if one.id != person.id]
    able = experts(people)
    inside = set(contact.participants.filter(left_at=None).values_list("person_id", flat=True))
    held = {skill_id for expert in able.values() for skill_id in expert.skills}
    skills = Skill.objects.filter(id__in=held).order_by("name_en")
    return {
        "language": contact.language,
        "skills": [_skill(skill, contact, able, now, zone) for skill in skills],
        "people": [_person(one, able[one.id], now, zone) | {"inside": one.id in inside} for one in people],
        "due_at": _local(due_of(contact, None, now=now), zone),
    }


def _skill(skill: Skill, contact: Contact, able: dict[int, Expert], now: datetime, zone: str) -> Choices:
    free = [sum(not why_not(one, Need(skill.id, level), now) for one in able.values()) for level in range(1, 6)]
    return {"id": skill.id, "name": skill.name, "free": free, "due_at": _local(due_of(contact, skill, now=now), zone)}


def _person(person: Person, expert: Expert, now: datetime, zone: str) -> Choices:
    presence = getattr(person, "presence", None)
    return {
        "id": person.id,
        "name": person.name,
        "state": presence.state if presence else "offline",
        "skills": {str(skill_id): level for skill_id, level in expert.skills.items()},
        "can": not why_not(expert, Need(), now),
        "standing": standing_words(expert, now, zone),
    }


def _local(moment: datetime, zone: str) -> str:
    """Return a moment as a field for date and time takes it."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
