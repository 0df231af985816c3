"""What people do with a case and with what is owed, as JSON."""

from __future__ import annotations

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from heartline.common.errors import Invalid
from heartline.conversations.actions.drafts import drafts_of, save_draft
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.promises.actions import finish_follow_up
from heartline.promises.queries import follow_up_for
from heartline.service import actions
from heartline.service.pages.shared import the_case, worker_of
from heartline.service.story.queries import online_in
from heartline.service.story.said import AROUND, STRETCH, places_of, stretch
from heartline.ui.responses import json_ok, read_json

STRETCHES = {"before": (STRETCH, 0), "after": (0, STRETCH), "around": (AROUND, AROUND)}


@require_POST
def edit(request: StaffRequest, case_id: int) -> JsonResponse:
    """Change what a case is called and what the customer wants."""
    data = read_json(request, subject=str, wants=str, seen_subject=str, seen_wants=str)
    names = ("subject", "wants")
    changes = {name: data[name] for name in names if name in data}
    seen = {name: data[f"seen_{name}"] for name in names if f"seen_{name}" in data}
    actions.edit_case(worker_of(request), the_case(request, case_id), changes, seen=seen)
    return json_ok()


@require_POST
def tried(request: StaffRequest, case_id: int) -> JsonResponse:
    """Add a step that was tried."""
    data = read_json(request, label=str, outcome=str)
    actions.add_tried(worker_of(request), the_case(request, case_id), data.get("label", ""), data.get("outcome", ""))
    return json_ok()


@require_POST
def draft(request: StaffRequest, case_id: int) -> JsonResponse:
    """Keep what was typed so far."""
    data = read_json(request, mode=str, body=str, version=int, files=list)
    worker, case = worker_of(request), the_case(request, case_id)
    files = [str(token) for token in data["files"]] if "files" in data else None
    mode, body, version = data.get("mode", ""), data.get("body", ""), data.get("version", 0)
    saved = save_draft(case, worker.person, mode, body, version=version, files=files, now=worker.now)
    return json_ok({"version": saved.version, "changed_at": saved.changed_at.isoformat()})


@require_GET
def drafts(request: StaffRequest, case_id: int) -> JsonResponse:
    """Return what the person has typed, as it was last saved."""
    return json_ok(drafts_of(the_case(request, case_id), request.user))


@require_GET
def online(request: StaffRequest, case_id: int) -> JsonResponse:
    """Return when the customer's browser was last seen; it changes without events."""
    return json_ok({"online": online_in(the_case(request, case_id))})


@require_GET
def said(request: StaffRequest, case_id: int) -> JsonResponse:
    """Return a stretch of what was said: `?before=`, `?after=` or `?around=` a message. `?words=` tells where they stand."""
    case = the_case(request, case_id)
    if words := request.GET.get("words", "")[:100].strip():
        return json_ok({"places": places_of(case, words)})
    for name, (back, on) in STRETCHES.items():
        place = request.GET.get(name, "")
        if place.isascii() and place.isdecimal() and len(place) < 16:
            return json_ok(stretch(case, int(place), back=back, on=on))
    raise Invalid(_("Part of what was sent could not be read. Nothing was changed"))


@require_POST
def finish(request: StaffRequest, follow_up_id: int) -> JsonResponse:
    """Close a follow-up with what came of it."""
    data = read_json(request, outcome=str)
    worker, owed = worker_of(request), follow_up_for(request.scope, follow_up_id)
    finish_follow_up(owed, data.get("outcome", ""), by=actor_for(worker.person), now=worker.now)
    return json_ok()
