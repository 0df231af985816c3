"""Views of the inbox: who may use and change them, and how they want to be told. The only writer of these tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from heartline.common.actors import Actor
from heartline.common.errors import Invalid, NotAllowed, NotFound
from heartline.conversations import levels
from heartline.conversations.matter import tags_of
from heartline.conversations.queries import cases_for
from heartline.conversations.rules import LIVE
from heartline.ledger.actions import one_change, record
from heartline.people.models import Person
from heartline.people.queries import Scope
from heartline.people.setup_actions.settings import write
from heartline.service.events import InboxViewChanged
from heartline.service.inbox.filters import checked
from heartline.service.models import InboxView, Notices

MOST = 50
SWITCHES = ("sound_yours", "sound_team", "outside_yours", "outside_team")

Shown = dict[str, Any]


def views_for(scope: Scope) -> QuerySet[InboxView]:
    """Return the views a person may use: everybody's, their teams', their own."""
    return levels.usable(scope, InboxView.objects.all())


def view_for(scope: Scope, view_id: int) -> InboxView:
    """Return one view the person may use, or raise NotFound."""
    found = views_for(scope).filter(id=view_id).first()
    if found is None:
        raise NotFound(_("There is no such view, or it is not yours to see"))
    return found


def shown_views(scope: Scope) -> list[Shown]:
    """Return the views a person may use, for their desk."""
    return [shown(scope, view) for view in views_for(scope)]


def shown(scope: Scope, view: InboxView) -> Shown:
    """Return a view for a desk."""
    whose = {"level": levels.level_of(view), "whose": levels.chosen(view), "mine": levels.may_change(scope, view)}
    return {"id": view.pk, "name": view.name, "filters": view.filters, **whose}


def save_view(scope: Scope, view: InboxView, values: Mapping[str, Any], *, by: Actor, now: datetime) -> InboxView:
    """Add or change a view; nobody gives one to a level that is not theirs."""
    if view.pk is not None:
        _check_may_change(scope, view)
    elif views_for(scope).filter(person_id=scope.person_id).count() >= MOST:
        raise Invalid(_("You have %(n)s views already. Remove one first") % {"n": MOST})
    owned = {"person": values.get("person"), "team": values.get("team")}
    _check_may_change(scope, InboxView(**owned))
    with one_change():
        cleaned = {"name": values["name"], "filters": checked(values["filters"]), **owned}
        _note(view, write(view, cleaned), by=by, now=now)
    return view


def remove_view(scope: Scope, view: InboxView, *, by: Actor, now: datetime) -> None:
    """Remove a view; what it showed stays where it is."""
    _check_may_change(scope, view)
    with one_change():
        _note(view, ("removed",), by=by, now=now)
        view.delete()


def live_tags(scope: Scope) -> dict[str, list[str]]:
    """Return the tags of the cases that are alive and the reader's to see: asked for only while a filter needs them."""
    live = cases_for(scope).filter(contacts__state__in=LIVE).values_list("id", flat=True)
    return {str(case_id): [tag["name"] for tag in tags] for case_id, tags in tags_of(set(live)).items()}


def notices_of(person: Person) -> dict[str, bool]:
    """Return how a person wants to be told."""
    found = Notices.objects.filter(person=person).first() or Notices(person=person)
    return {name: getattr(found, name) for name in SWITCHES}


def choose_notices(person: Person, wanted: Mapping[str, Any]) -> dict[str, bool]:
    """Keep how a person wants to be told; what is not named stays."""
    changes = {name: wanted[name] for name in SWITCHES if isinstance(wanted.get(name), bool)}
    Notices.objects.update_or_create(person=person, defaults=changes)
    return notices_of(person)


def _check_may_change(scope: Scope, view: InboxView) -> None:
    if not levels.may_change(scope, view):
        raise NotAllowed(_("Supervisors change their team’s views, administrators those for everybody"))


def _note(view: InboxView, changed: tuple[str, ...], *, by: Actor, now: datetime) -> None:
    if changed:
        event = InboxViewChanged(view_id=view.pk, level=levels.level_of(view), team_id=view.team_id, changed=changed)
        record(event, by=by, now=now, sample=view.is_sample)
