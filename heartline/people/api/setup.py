"""Setting up sites, skills, queues, teams and people's places in them, for programs.

People themselves are added on the pages: a key that could add an administrator would be worth more than its rights.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import BaseModel

from heartline.common import clock
from heartline.common.actors import Actor
from heartline.common.errors import Invalid, NotAllowed, NotFound
from heartline.common.paging import page_of
from heartline.common.rows import row_of
from heartline.common.schemas import Done, Id, Page, PageAsked, Sent
from heartline.people.actions import actor_for
from heartline.people.api import shapes
from heartline.people.forms.organisation import zones
from heartline.people.models import Brand, Person, Queue, Role, Site, Skill, Team
from heartline.people.models.organisation import CHANNELS
from heartline.people.requests import StaffRequest
from heartline.people.setup_actions.persons import Abilities, save_person
from heartline.people.setup_actions.settings import remove_setting, save_setting
from heartline.people.setup_actions.work import save_queue, save_team

router = Router(tags=["Set-up"])
Values = dict[str, Any]


@dataclass(frozen=True)
class Kind:
    """One sort of setting: its word, table, shapes and writer."""

    key: str
    model: Any
    sent: type[Sent]
    shown: type[BaseModel]
    show: Callable[[Any], BaseModel]
    save: Callable[..., Any]
    remove: Callable[..., None] | None = None

    def found(self, id: int) -> Any:
        """Return one of them, or raise NotFound."""
        return row_of(self.model, id)


def _save_site(site: Any, values: Values, *, by: Actor, now: datetime) -> Any:
    if "time_zone" in values and values["time_zone"] not in {name for name, _words in zones()}:
        raise _wrong("time_zone", _("There is no such time zone"))
    return save_setting("site", site, values, by=by, now=now)


def _save_skill(skill: Any, values: Values, *, by: Actor, now: datetime) -> Any:
    return save_setting("skill", skill, values, by=by, now=now)


def _save_queue(queue: Any, values: Values, *, by: Actor, now: datetime) -> Any:
    levels = _levels(values.pop("levels")) if "levels" in values else _levels_of(queue)
    brand_id = values.pop("brand_id", queue.brand_id)
    return save_queue(queue, values | {"brand": _one(Brand, brand_id, "brand_id")}, levels=levels, by=by, now=now)


def _save_team(team: Any, values: Values, *, by: Actor, now: datetime) -> Any:
    standing = list(team.queues.values_list("id", flat=True)) if team.pk else []
    queues = _all(Queue, values.pop("queue_ids", standing), "queue_ids")
    if "site_id" in values:
        values["site"] = _one(Site, values.pop("site_id"), "site_id")
    return save_team(team, values, queues=queues, by=by, now=now)


def show_as(shape: type[BaseModel], **told: Callable[[Any], Any]) -> Callable[[Any], BaseModel]:
    """Return what shows a row in a shape; fields that are no columns are told how to be read."""

    def show(row: Any) -> BaseModel:
        return shape(**{name: told[name](row) if name in told else getattr(row, name) for name in shape.model_fields})

    return show


KINDS = (
    Kind("site", Site, shapes.SiteSent, shapes.SiteShown, show_as(shapes.SiteShown), _save_site),
    Kind("skill", Skill, shapes.SkillSent, shapes.SkillShown, show_as(shapes.SkillShown), _save_skill),
    Kind(
        "queue",
        Queue,
        shapes.QueueSent,
        shapes.QueueSetShown,
        show_as(shapes.QueueSetShown, levels=lambda row: _levels_shown(row.skills)),
        _save_queue,
    ),
    Kind(
        "team",
        Team,
        shapes.TeamSent,
        shapes.TeamShown,
        show_as(
            shapes.TeamShown,
            queue_ids=lambda row: sorted(row.queues.values_list("id", flat=True)),
            member_ids=lambda row: sorted(row.members.values_list("id", flat=True)),
        ),
        _save_team,
    ),
)


def offer(kind: Kind) -> None:
    """Add the five operations of one sort of setting; each is known by its function's name, as everywhere."""
    base, one = f"/setup/{kind.key}s", f"/setup/{kind.key}s/{{{kind.key}_id}}"

    def listed(request: StaffRequest, asked: Query[PageAsked]) -> Any:
        found, following = page_of(kind.model.objects.all(), asked.cursor, asked.limit, newest_first=False)
        return {"items": [kind.show(row) for row in found], "next": following}

    def read(request: StaffRequest, **named: int) -> Any:
        return kind.show(kind.found(*named.values()))

    def added(request: StaffRequest, sent: Any) -> Any:
        return kind.show(kind.save(kind.model(), sent.model_dump(), by=actor_for(request.user), now=clock.now()))

    def changed(request: StaffRequest, sent: Any, **named: int) -> Any:
        thing, given = kind.found(*named.values()), sent.model_dump(exclude_unset=True)
        return kind.show(kind.save(thing, given, by=actor_for(request.user), now=clock.now()))

    def removed(request: StaffRequest, **named: int) -> Any:
        remove = kind.remove or partial(remove_setting, kind.key)
        remove(kind.found(*named.values()), by=actor_for(request.user), now=clock.now())
        return Done()

    many: Any = Page[kind.shown]  # type: ignore[name-defined]  # a shape of its own for each sort
    _add("GET", base, listed, f"list_set_up_{kind.key}s", many, f"Return every {kind.key}, oldest first.")
    _add("POST", base, added, f"add_{kind.key}", {201: kind.shown}, f"Add a {kind.key}.", sent=kind.sent)
    _add("GET", one, read, f"read_set_up_{kind.key}", kind.shown, f"Return one {kind.key} as it is set up.")
    words = f"Change a {kind.key}; what is left out stays."
    _add("PATCH", one, changed, f"change_{kind.key}", kind.shown, words, sent=shapes.changes_of(kind.sent))
    words = f"Remove a {kind.key} that nothing stands on."
    _add("DELETE", one, removed, f"remove_{kind.key}", Done, words)


def _add(
    method: str, path: str, run: Callable[..., Any], name: str, response: Any, words: str, sent: Any = None
) -> None:
    """Register a function under a name, with the types that its parameters have for this sort of setting."""
    run.__name__, run.__doc__ = name, words
    id_name = path[path.index("{") + 1 : -1] if "{" in path else ""
    plain = [one for one in inspect.signature(run).parameters.values() if one.kind is not inspect.Parameter.VAR_KEYWORD]
    typed = [one.replace(annotation=sent) if one.name == "sent" else one for one in plain]
    typed = [one.replace(annotation=Query[PageAsked]) if one.name == "asked" else one for one in typed]
    if id_name:
        typed.append(inspect.Parameter(id_name, inspect.Parameter.KEYWORD_ONLY, annotation=Id))
    run.__signature__ = inspect.Signature(typed)  # type: ignore[attr-defined]  # what `inspect.signature` looks at first
    router.add_api_operation(path, [method], run, response=response)


for _kind in KINDS:
    offer(_kind)


@router.get("/people/{person_id}/abilities", response=shapes.AbilitiesShown)
def read_abilities(request: StaffRequest, person_id: Id) -> shapes.AbilitiesShown:
    """Return what a person can do: teams, languages, skills, how much at once."""
    return _abilities(_person(person_id))


@router.patch("/people/{person_id}/abilities", response=shapes.AbilitiesShown)
def change_abilities(request: StaffRequest, person_id: Id, sent: shapes.AbilitiesSent) -> shapes.AbilitiesShown:
    """Change a person's teams, languages, skills and limits; what they see changes with it. Not an administrator's."""
    person = _person(person_id)
    if person.role == Role.ADMIN and person.pk != request.user.pk:
        raise NotAllowed(_("Administrators are changed on the set-up pages"))
    given, held = sent.model_dump(exclude_unset=True), _abilities(person)
    limits = given.get("limits", held.limits)
    if not limits.keys() <= {channel for channel, _name in CHANNELS}:
        raise _wrong("limits", _("There is no such channel"))
    abilities = Abilities(
        teams=_all(Team, given.get("team_ids", held.team_ids), "team_ids"),
        levels=_levels(given.get("levels", held.levels)),
        languages=tuple(given.get("languages", held.languages)),
        limits=limits,
    )
    save_person(person, {}, abilities, by=actor_for(request.user), now=clock.now())
    return _abilities(person)


def _person(person_id: int) -> Person:
    found = Person.objects.filter(id=person_id).first()
    if found is None:
        raise NotFound(_("There is no such person"))
    return found


def _abilities(person: Person) -> shapes.AbilitiesShown:
    return shapes.AbilitiesShown(
        person_id=person.id,
        team_ids=sorted(person.teams.values_list("id", flat=True)),
        languages=sorted(person.languages.values_list("language", flat=True)),
        levels=_levels_shown(person.skills),
        limits=dict(person.capacities.values_list("channel", "limit")),
    )


def _levels_shown(rows: Any) -> dict[str, int]:
    return dict(rows.order_by("skill__key").values_list("skill__key", "level"))


def _levels_of(queue: Any) -> dict[int, int]:
    return dict(queue.skills.values_list("skill_id", "level")) if queue.pk else {}


def _levels(by_key: dict[str, int]) -> dict[int, int]:
    """Return levels by skill id."""
    ids = dict(Skill.objects.filter(key__in=by_key).values_list("key", "id"))
    if ids.keys() != by_key.keys():
        raise _wrong("levels", _("There is no such skill"))
    return {ids[key]: level for key, level in by_key.items()}


def _one(model: Any, id: int, field: str) -> Any:
    return _all(model, [id], field)[0]


def _all(model: Any, ids: list[int], field: str) -> list[Any]:
    found = list(model.objects.filter(id__in=ids))
    if len(found) != len(set(ids)):
        raise _wrong(field, _("There is no such thing"))
    return found


def _wrong(field: str, message: str) -> Invalid:
    return Invalid(message, fields={field: message})
