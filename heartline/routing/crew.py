"""What people can do: their teams, queues, languages, skills and limits. Set-up changes it, the day does not.

The dispatcher keeps one and throws it away when set-up changes anything; everybody else makes a new one for each look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from heartline.common.questions import written_once
from heartline.people.models import Capacity, Person, PersonLanguage, PersonSkill, QueueSkill


@dataclass(slots=True)
class Abilities:
    """What one person can do."""

    teams: set[int] = field(default_factory=set)
    queues: set[int] = field(default_factory=set)
    languages: set[str] = field(default_factory=set)
    skills: dict[str, int] = field(default_factory=dict)
    limits: dict[str, int] = field(default_factory=dict)


class Crew:
    """Reads what is asked for the first time, in four questions, and keeps it."""

    def __init__(self) -> None:
        self._known: dict[int, Abilities] = {}
        self._asked: dict[int, dict[str, int]] | None = None

    def of(self, ids: Collection[int]) -> dict[int, Abilities]:
        """Return what people can do, by person."""
        missing = [id for id in ids if id not in self._known]
        if missing:
            self._read(missing)
        return self._known

    @property
    def skills_of_queues(self) -> dict[int, dict[str, int]]:
        """What skills each queue asks of whoever serves it, and at what level."""
        if self._asked is None:
            self._asked = defaultdict(dict)
            for queue, key, level in _skills_of_queues():
                self._asked[queue][key] = level
        return self._asked

    def _read(self, ids: list[int]) -> None:
        self._known |= {id: Abilities() for id in ids}
        for person, team, queue in _teams(ids):
            self._known[person].teams.add(team)
            self._known[person].queues.update(() if queue is None else (queue,))
        for person, language in _languages(ids):
            self._known[person].languages.add(language)
        for person, key, level in _skills(ids):
            self._known[person].skills[key] = level
        for person, channel, limit in _limits(ids):
            self._known[person].limits[channel] = limit


@written_once
def _skills_of_queues() -> QuerySet[QueueSkill, Any]:
    return QueueSkill.objects.order_by().values_list("queue_id", "skill__key", "level")


@written_once
def _teams(ids: Sequence[int]) -> QuerySet[Person, Any]:
    members = Person.objects.filter(id__in=ids, teams__isnull=False).order_by()
    return members.values_list("id", "teams", "teams__queues")


@written_once
def _languages(ids: Sequence[int]) -> QuerySet[PersonLanguage, Any]:
    return PersonLanguage.objects.filter(person__in=ids).order_by().values_list("person_id", "language")


@written_once
def _skills(ids: Sequence[int]) -> QuerySet[PersonSkill, Any]:
    return PersonSkill.objects.filter(person__in=ids).order_by().values_list("person_id", "skill__key", "level")


@written_once
def _limits(ids: Sequence[int]) -> QuerySet[Capacity, Any]:
    return Capacity.objects.filter(person__in=ids).order_by().values_list("person_id", "channel", "limit")
