"""Whose a thing is, as quick replies, macros and views are one's own, a team's or everybody's: who may use it, and change it."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext_lazy

from heartline.people.models import Person, Team
from heartline.people.queries import Scope, teams_for

Thing = TypeVar("Thing", bound=Model)


class Owned(Protocol):
    """A row that is one person's, one team's, or everybody's."""

    @property
    def person_id(self) -> int | None:
        """Whose it is alone."""

    @property
    def team_id(self) -> int | None:
        """Which team's it is."""


def usable(scope: Scope, things: QuerySet[Thing]) -> QuerySet[Thing]:
    """Return the things a person may use: everybody's, their teams', their own."""
    if not scope.rights:
        return things.none()
    shared = Q(person=None, team=None) | Q(team_id__in=scope.team_ids)
    if scope.everything:
        shared |= Q(team__isnull=False)
    return things.filter(shared | Q(person_id=scope.person_id))


def may_change(scope: Scope, thing: Owned) -> bool:
    """Return whether a person may change a thing: their own; as a supervisor their teams'; everybody's as administrator."""
    if thing.person_id:
        return thing.person_id == scope.person_id
    if thing.team_id:
        return scope.may("quick_replies.team") and (scope.everything or thing.team_id in scope.team_ids)
    return scope.may("setup.manage")


def level_of(thing: Owned) -> str:
    """Return whose a thing is: own, team or everybody."""
    return "own" if thing.person_id else "team" if thing.team_id else "everybody"


def choices(scope: Scope) -> list[tuple[str, Any]]:
    """Return whose a person may make a thing, for a field; a team stands under its number."""
    everybody = [("everybody", gettext_lazy("Everybody"))] if scope.may("setup.manage") else []
    teams = [(str(team.pk), team.name) for team in _teams(scope)]
    return [("own", gettext_lazy("Only me")), *teams, *everybody]


def chosen(thing: Owned) -> str:
    """Return which of the choices a thing has now."""
    return str(thing.team_id) if thing.team_id else level_of(thing)


def fields_for(scope: Scope, person: Person, choice: str) -> dict[str, Any]:
    """Return the fields of a thing that a choice stands for."""
    team = _teams(scope).filter(id=int(choice)).first() if choice.isdecimal() else None
    return {"person": person if choice == "own" else None, "team": team}


def _teams(scope: Scope) -> QuerySet[Team]:
    if not scope.may("quick_replies.team"):
        return Team.objects.none()
    return teams_for(scope).order_by("name_en", "id")
