"""Whom a note can call, and what has been read, as JSON."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.http import require_GET, require_POST

from heartline.conversations.mentions.queries import can_be_mentioned
from heartline.people.requests import StaffRequest
from heartline.service.pages.shared import the_case, worker_of
from heartline.service.writing import mentions
from heartline.ui.responses import json_ok


@require_GET
def people(request: StaffRequest) -> JsonResponse:
    """Return who can be called in a note."""
    found = can_be_mentioned().exclude(id=request.user.id).values_list("id", "name", "role", "presence__state")
    people = [{"id": id, "name": name, "role": role, "state": state or "offline"} for id, name, role, state in found]
    return json_ok({"people": people})


@require_POST
def read(request: StaffRequest, case_id: int) -> JsonResponse:
    """Note that the person has seen what calls them in a case."""
    return json_ok({"read": mentions.read(worker_of(request), the_case(request, case_id))})
