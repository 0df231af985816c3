"""Who may see what: a person's scope, computed from today's role and teams."""

from __future__ import annotations

from dataclasses import dataclass

from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.errors import NotAllowed
from heartline.common.questions import written_once
from heartline.ledger import topics
from heartline.people.models import Brand, Holiday, OpeningHours, Person, Queue, Role, Team
from heartline.people.models.organisation import CHANNELS
from heartline.people.permissions import rights_of
from heartline.people.rules import Calendar


@dataclass(frozen=True)
class Scope:
    """What a person may reach: everything (administrators), or the queues of their teams."""

    person_id: int
    rights: frozenset[str]
    everything: bool
    queue_ids: frozenset[int]
    team_ids: frozenset[int]

    def may(self, right: str) -> bool:
        """Return whether the person has a right at all."""
        return right in self.rights

    def require(self, *rights: str) -> None:
        """Raise NotAllowed unless the person has all of some rights."""
        if not self.rights.issuperset(rights):
            raise NotAllowed(_("Your role or this key has no right to this"))

    @property
    def reach(self) -> tuple[int, frozenset[int], frozenset[int]]:
        """Return the person, their queues and their teams: the values of questions about what they may see."""
        return self.person_id, self.queue_ids, self.team_ids

    def sees_queue(self, queue_id: int | None) -> bool:
        """Return whether work of a queue is theirs to see."""
        return self.everything or queue_id in self.queue_ids


NOBODY = Scope(0, frozenset(), False, frozenset(), frozenset())


def scope_of(person: Person) -> Scope:
    """Return the scope of a person as the tables stand now; an inactive person has none."""
    if not person.is_active:
        return Scope(person.id, frozenset(), False, frozenset(), frozenset())
    reached = _reached_by(person.id)  # one query: every request of every person starts here
    served = person.role in (Role.AGENT, Role.SUPERVISOR, Role.ANALYST)
    queue_ids = frozenset(queue for _team, queue in reached if queue) if served else frozenset()
    team_ids = frozenset(team for team, _queue in reached)
    return Scope(person.id, rights_of(person.role), person.role == Role.ADMIN, queue_ids, team_ids)


@written_once
def _reached_by(person_id: int) -> QuerySet[Team, tuple[int, int | None]]:
    return Team.objects.filter(members=person_id).values_list("id", "queues__id")


def topics_of(scope: Scope, case_ids: frozenset[int]) -> frozenset[str]:
    """Return the live topics of a scope; `case_ids` are the cases the person owns or was invited into."""
    if not scope.rights:
        return frozenset()
    if scope.everything:
        return frozenset({topics.EVERYTHING, topics.person(scope.person_id)})
    own = {topics.person(scope.person_id), *map(topics.team, scope.team_ids)}
    if not scope.may("message.read"):  # events of cases and queues carry names and what was said
        return frozenset(own)
    return frozenset(own | set(map(topics.case, case_ids)) | set(map(topics.queue, scope.queue_ids)))


def colleagues(scope: Scope) -> list[Person]:
    """Return the active people a person works with, by name."""
    return _colleagues(scope.team_ids, everybody=scope.everything)


def colleagues_of(scope: Scope) -> QuerySet[Person]:
    """Return the active people a person works with: their teams' members, or everybody for administrators."""
    return _active_in(scope.team_ids, everybody=scope.everything)


def _active_in(team_ids: frozenset[int], *, everybody: bool) -> QuerySet[Person]:
    people = Person.objects.filter(is_active=True).select_related("presence", "site")
    return people if everybody else people.filter(teams__in=team_ids).distinct()


@written_once
def _colleagues(team_ids: frozenset[int], *, everybody: bool) -> QuerySet[Person]:
    return _active_in(team_ids, everybody=everybody).order_by("name", "id")


def queues_for(scope: Scope) -> QuerySet[Queue]:
    """Return the queues whose work a person may see."""
    return Queue.objects.all() if scope.everything else Queue.objects.filter(id__in=scope.queue_ids)


def own_queues(scope: Scope) -> list[Queue]:
    """Return the queues whose work a person may see, in the order in which they were set up."""
    return _all_queues() if scope.everything else _some_queues(scope.queue_ids)


@written_once
def _all_queues() -> QuerySet[Queue]:
    return Queue.objects.order_by("id")


@written_once
def _some_queues(ids: frozenset[int]) -> QuerySet[Queue]:
    return Queue.objects.filter(id__in=ids).order_by("id")


def teams_for(scope: Scope) -> QuerySet[Team]:
    """Return the teams a person belongs to, or all for administrators."""
    return Team.objects.all() if scope.everything else Team.objects.filter(id__in=scope.team_ids)


def team_ids_of(person: Person) -> tuple[int, ...]:
    """Return the ids of a person's teams, in order."""
    return tuple(sorted(Team.objects.filter(members=person).values_list("id", flat=True)))


def needs_first_setup() -> bool:
    """Return whether this installation never had an administrator: one who may not sign in counts."""
    return not Person.objects.filter(role=Role.ADMIN).exists()


def calendar_of(brand: Brand) -> Calendar:
    """Return a brand's service hours."""
    spans = tuple((row.weekday, row.opens, row.closes) for row in _hours_of(brand.id))
    exceptions = tuple((row.date, row.works_like_weekday) for row in _holidays_of(brand.id))
    return Calendar(brand.site.time_zone, spans, exceptions)


@written_once
def _hours_of(brand_id: int) -> QuerySet[OpeningHours]:
    return OpeningHours.objects.filter(brand_id=brand_id)


@written_once
def _holidays_of(brand_id: int) -> QuerySet[Holiday]:
    return Holiday.objects.filter(brand_id=brand_id)


@dataclass(frozen=True)
class QueueCard:
    """What the figures need to know of a queue: its names, its day and its aim."""

    id: int
    name_en: str
    name_zh: str
    time_zone: str
    answer_within_seconds: int
    answer_target_percent: int

    def name_in(self, language: str) -> str:
        """Return the queue's name in a given language."""
        return (self.name_zh if language.startswith("zh") else self.name_en) or self.name_en


def queue_cards(scope: Scope) -> list[QueueCard]:
    """Return the queues whose work a person may see, in the order they were set up."""
    queues = queues_for(scope)
    names = ("id", "name_en", "name_zh", "brand__site__time_zone", "answer_within_seconds", "answer_target_percent")
    return [QueueCard(*row) for row in queues.order_by("id").values_list(*names)]


@dataclass(frozen=True)
class TeamCard:
    """A team as figures tell people apart by it: its names, and who is in it today."""

    id: int
    name_en: str
    name_zh: str
    member_ids: frozenset[int]

    def name_in(self, language: str) -> str:
        """Return the team's name in a given language."""
        return (self.name_zh if language.startswith("zh") else self.name_en) or self.name_en


def team_cards(scope: Scope) -> list[TeamCard]:
    """Return the teams a person belongs to, or all for administrators, in the order they were set up."""
    members: dict[tuple[int, str, str], set[int]] = {}
    rows = teams_for(scope).order_by("id").values_list("id", "name_en", "name_zh", "members__id")
    for id, name_en, name_zh, person_id in rows:
        members.setdefault((id, name_en, name_zh), set()).update({person_id} - {None})
    return [TeamCard(*names, frozenset(ids)) for names, ids in members.items()]


def names_of_people(scope: Scope) -> dict[int, str]:
    """Return the names of the people a person works with, by name, those who left us included."""
    people = Person.objects.all() if scope.everything else Person.objects.filter(teams__in=scope.team_ids).distinct()
    return dict(people.order_by("name", "id").values_list("id", "name"))


def channel_words() -> dict[str, str]:
    """Return the name of each channel in the reader's language."""
    return {key: str(name) for key, name in CHANNELS}


def sessions_of(person: Person) -> list[UserSession]:
    """Return a person's sessions that are still good, newest first."""
    return sorted(UserSession.objects.purge_and_list(person), key=lambda found: found.created_at, reverse=True)
