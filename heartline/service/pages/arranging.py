"""How people arrange their desk, as JSON: views of the inbox, how they are told, and what needs them next."""

from __future__ import annotations

from typing import Any

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from heartline.common.errors import Invalid
from heartline.conversations import levels
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.service.inbox import views as inbox_views
from heartline.service.inbox.next_item import next_for
from heartline.service.models import InboxView
from heartline.service.pages.shared import worker_of
from heartline.ui.responses import json_ok, read_json


@require_http_methods(["GET", "POST"])
def views(request: StaffRequest) -> JsonResponse:
    """Show the views one may use; or add one."""
    if request.method == "POST":
        return json_ok(_save(request, InboxView()))
    whose = [[code, str(name)] for code, name in levels.choices(request.scope)]
    return json_ok({"views": inbox_views.shown_views(request.scope), "whose": whose})


@require_POST
def view(request: StaffRequest, view_id: int) -> JsonResponse:
    """Change a view."""
    return json_ok(_save(request, inbox_views.view_for(request.scope, view_id)))


@require_POST
def remove_view(request: StaffRequest, view_id: int) -> JsonResponse:
    """Remove a view."""
    worker, standing = worker_of(request), inbox_views.view_for(request.scope, view_id)
    inbox_views.remove_view(worker.scope, standing, by=actor_for(worker.person), now=worker.now)
    return json_ok()


@require_GET
def live_tags(request: StaffRequest) -> JsonResponse:
    """Return the tags of the cases in the inbox, for a filter by tag."""
    return json_ok({"tags": inbox_views.live_tags(request.scope)})


@require_POST
def notices(request: StaffRequest) -> JsonResponse:
    """Keep how one wants to be told."""
    wanted = read_json(request, sound_yours=bool, sound_team=bool, outside_yours=bool, outside_team=bool)
    return json_ok({"notices": inbox_views.choose_notices(request.user, wanted)})


@require_GET
def next_item(request: StaffRequest) -> JsonResponse:
    """Return what needs one next, and why; `?here=` is the case that is open already."""
    here = request.GET.get("here", "")
    open_case = int(here) if here.isascii() and here.isdecimal() and len(here) < 16 else None
    worker = worker_of(request)
    return json_ok({"next": next_for(worker.scope, worker.now, here=open_case)})


def _save(request: StaffRequest, standing: InboxView) -> dict[str, Any]:
    data = read_json(request, name=str, filters=dict, whose=str)
    worker = worker_of(request)
    whose = data.get("whose") or (levels.chosen(standing) if standing.pk else "own")
    if whose not in dict(levels.choices(worker.scope)):
        raise Invalid(_("Choose from the list"), fields={"whose": _("Choose from the list")})
    owned = levels.fields_for(worker.scope, worker.person, whose)
    name = str(data.get("name", standing.name)).strip()
    if not name:
        message = _("One thing missing: %(field)s") % {"field": _("Title")}
        raise Invalid(message, fields={"name": message})
    values = {"name": name, "filters": data.get("filters", standing.filters), **owned}
    saved = inbox_views.save_view(worker.scope, standing, values, by=actor_for(worker.person), now=worker.now)
    return {"view": inbox_views.shown(worker.scope, saved)}
