"""The desk's page, and the snapshots it starts from."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET

from heartline.conversations.queries import leads_to
from heartline.ledger.queries import head
from heartline.people.requests import StaffRequest
from heartline.service.inbox.views import notices_of, shown_views
from heartline.service.page_words import desk_words
from heartline.service.pages.shared import the_case, worker_of
from heartline.service.snapshot import case_snapshot, snapshot_for
from heartline.service.story.queries import story_for
from heartline.service.story.timeline import found_in, narrowed_by, page_for, reach_of
from heartline.ui.responses import json_ok


@require_GET
@ensure_csrf_cookie
def desk(request: StaffRequest, case_id: int | None = None) -> HttpResponse:
    """Show the desk, with a case open when the address names one; `?beside=1` as the second case of another desk."""
    worker = worker_of(request)
    beside = case_id is not None and request.GET.get("beside") == "1"
    if case_id is not None and (onward := leads_to(case_id)) != case_id:
        return redirect("desk:case_page", onward)
    opened = _opened(request, case_id) if case_id is not None else None
    context = {
        "now": worker.now,
        "snapshot": snapshot_for(worker.scope, worker.person, worker.now),
        "opened": opened,
        "words": desk_words(),
        "arranged": {"views": shown_views(worker.scope), "notices": notices_of(worker.person)},
    }
    response = render(request, "service/desk.html", {**context, "beside": beside})
    if beside:
        response.frame_ancestors = ["'self'"]  # type: ignore[attr-defined]  # read by SecurityHeaders
    return response


@require_GET
def snapshot(request: StaffRequest) -> JsonResponse:
    """Return the desk at this moment."""
    worker = worker_of(request)
    return json_ok(snapshot_for(worker.scope, worker.person, worker.now))


@require_GET
def case(request: StaffRequest, case_id: int) -> JsonResponse:
    """Return an open conversation with its customer's story."""
    return json_ok(_opened(request, case_id))


@require_GET
def story(request: StaffRequest, case_id: int) -> JsonResponse:
    """Return the story alone."""
    worker = worker_of(request)
    return json_ok(story_for(worker.scope, the_case(request, case_id), worker.now))


@require_GET
def timeline(request: StaffRequest, case_id: int) -> JsonResponse:
    """Return a stretch of the timeline: `?show=`, `?channel=` and `?days=` narrow it, `?before=` goes on, `?words=` finds what was said."""
    case = the_case(request, case_id)
    reach = reach_of(request.scope, case)
    if words := request.GET.get("words", "")[:100].strip():
        return json_ok({"rows": found_in(reach, case, words), "next": ""})
    narrowed = narrowed_by(request.GET.get("channel", ""), request.GET.get("days", ""), worker_of(request).now)
    page = page_for(reach, request.GET.get("show", "all"), request.GET.get("before", ""), narrowed=narrowed)
    return json_ok({"rows": page.rows, "next": page.next})


def _opened(request: StaffRequest, case_id: int) -> dict[str, Any]:
    worker = worker_of(request)
    position = head()
    case = the_case(request, leads_to(case_id))
    talk = case_snapshot(case, worker.person, position, worker.now)
    return {"talk": talk, "story": story_for(worker.scope, case, worker.now)}
