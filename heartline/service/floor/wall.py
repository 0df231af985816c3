"""The floor on a wall: the same figures for whoever passes by, so without a name, of the queues an address asks for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from heartline.common.errors import NotFound
from heartline.people.models import Queue, Site, Team
from heartline.people.queries import Scope, queues_for, teams_for
from heartline.service.floor.people import PersonLine
from heartline.service.floor.queries import Floor, floor_for
from heartline.service.floor.queues import DrawnLine
from heartline.service.floor.usual import HourLine

# More lines than this cannot be read from across a room: then the calm ones are only counted.
MOST_LINES = 14
MANY_LINES = 9
# What anybody who stands before a wall may do with it: look.
RIGHTS = frozenset({"floor.view"})


@dataclass(frozen=True)
class Choice:
    """What a wall shows: some teams' queues, some queues, or (neither) everything its reader may see."""

    teams: tuple[int, ...] = ()
    queues: tuple[int, ...] = ()

    def address(self) -> str:
        """Return the choice as the parameters of an address."""
        return urlencode([*(("team", id) for id in self.teams), *(("queue", id) for id in self.queues)])


@dataclass(frozen=True)
class Clock:
    """A site whose people are shown, and its time zone."""

    name: str
    zone: str


@dataclass(frozen=True)
class WallLine:
    """A line as it stands now, and its hour."""

    drawn: DrawnLine
    hour: HourLine


@dataclass(frozen=True)
class Wall:
    """What a wall shows: a floor without names, and its lines as far as they fit."""

    title: str
    floor: Floor
    lines: tuple[WallLine, ...]
    left_out: int
    clocks: tuple[Clock, ...]
    doing: tuple[tuple[str, str], ...]

    @property
    def is_full(self) -> bool:
        """Whether there are so many lines that they must be drawn smaller."""
        return len(self.lines) > MANY_LINES

    @property
    def longest_since(self) -> datetime | None:
        """Since when the customer has waited who has waited longest, of those who stay and wait."""
        since = [one.drawn.line.longest_since for one in self.lines if one.drawn.line.is_live]
        return min((moment for moment in since if moment), default=None)


@dataclass(frozen=True)
class Choosable:
    """A wall that its reader may open."""

    name: str
    address: str
    chosen: bool


def wall_for(scope: Scope, choice: Choice, *, now: datetime) -> Wall:
    """Return what a wall shows at a moment; raises NotFound for teams and queues that are not the reader's."""
    floor = floor_for(narrowed(scope, choice), now=now)
    hours = {(hour.queue_id, hour.channel): hour for hour in floor.hours}
    lines = fitting(floor.queues)
    return Wall(
        title=_title(choice),
        floor=floor,
        lines=tuple(WallLine(one, hours[one.line.queue_id, one.line.channel]) for one in lines),
        left_out=len(floor.queues) - len(lines),
        clocks=_clocks(one.line.queue_id for one in floor.queues),
        doing=doing_of(floor.people),
    )


def narrowed(scope: Scope, choice: Choice) -> Scope:
    """Return a reader's scope cut down to a choice, with the right to look and no other: no name can come from it."""
    if not choice.teams and not choice.queues:
        return Scope(scope.person_id, RIGHTS, scope.everything, scope.queue_ids, scope.team_ids)
    teams = _own_teams(scope, choice)
    queues = set(queues_for(scope).filter(teams__in=teams).values_list("id", flat=True)) if choice.teams else set()
    named = set(queues_for(scope).filter(id__in=choice.queues).values_list("id", flat=True))
    if len(named) != len(set(choice.queues)):
        raise NotFound(_("There is no such queue, or it is not yours to see"))
    return Scope(scope.person_id, RIGHTS, False, frozenset(queues | named), frozenset(teams))


def choosable(scope: Scope, choice: Choice) -> list[Choosable]:
    """Return the walls a reader may open: everything of theirs, each team, each queue."""
    whole = [(_("Everything"), Choice())]
    by_team = [(team.name, Choice(teams=(team.id,))) for team in teams_for(scope).order_by("id")]
    by_queue = [(queue.name, Choice(queues=(queue.id,))) for queue in queues_for(scope).order_by("id")]
    return [Choosable(name, one.address(), one == choice) for name, one in [*whole, *by_team, *by_queue]]


def fitting(lines: Iterable[DrawnLine]) -> tuple[DrawnLine, ...]:
    """Return the lines that fit on a wall, in their order: those with somebody waiting stay before the calm ones."""
    lines = list(lines)
    if len(lines) <= MOST_LINES:
        return tuple(lines)
    pressing = sorted(lines, key=lambda one: (-one.line.late, -len(one.line.waiting)))[:MOST_LINES]
    return tuple(one for one in lines if one in pressing)


def doing_of(people: Iterable[PersonLine]) -> tuple[tuple[str, str], ...]:
    """Return how many people do what, in words, the way to a customer first; nobody is named and nobody is ranked."""
    counts = Counter(person.doing for person in people)
    said = {
        "available": ngettext("%(n)s free", "%(n)s free", counts["available"]),
        "serving": ngettext("%(n)s serving", "%(n)s serving", counts["serving"]),
        "wrap_up": ngettext("%(n)s in wrap-up", "%(n)s in wrap-up", counts["wrap_up"]),
        "on_break": ngettext("%(n)s on a break", "%(n)s on a break", counts["on_break"]),
        "not_ready": ngettext("%(n)s not ready", "%(n)s not ready", counts["not_ready"]),
    }
    return tuple((doing, words % {"n": counts[doing]}) for doing, words in said.items() if counts[doing])


def _own_teams(scope: Scope, choice: Choice) -> set[int]:
    """Return the teams whose people are shown: those chosen, or those that serve the chosen queues."""
    teams = teams_for(scope)
    if not choice.teams:
        return set(teams.filter(queues__in=choice.queues).values_list("id", flat=True))
    found = set(teams.filter(id__in=choice.teams).values_list("id", flat=True))
    if len(found) != len(set(choice.teams)):
        raise NotFound(_("There is no such team, or it is not yours"))
    return found


def _title(choice: Choice) -> str:
    names = [team.name for team in Team.objects.filter(id__in=choice.teams).order_by("id")]
    names += [queue.name for queue in Queue.objects.filter(id__in=choice.queues).order_by("id")]
    return " · ".join(names)


def _clocks(queue_ids: Iterable[int]) -> tuple[Clock, ...]:
    """Return the sites whose queues are shown; sites that share a time zone share a clock."""
    sites = Site.objects.filter(brands__queues__in=set(queue_ids)).distinct().order_by("id")
    found: dict[str, list[str]] = {}
    for site in sites:
        found.setdefault(site.time_zone, []).append(site.name)
    return tuple(Clock(" · ".join(names), zone) for zone, names in found.items())
