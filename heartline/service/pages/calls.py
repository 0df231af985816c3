"""The call of a contact at the desk, as JSON."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.http import require_http_methods

from heartline.people.requests import StaffRequest
from heartline.service import calls
from heartline.service.pages.shared import the_contact, worker_of
from heartline.ui.responses import json_ok, read_json


@require_http_methods(["GET", "POST"])
def call(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Return what is known of a call, and take what came of ringing."""
    worker, contact = worker_of(request), the_contact(request, contact_id)
    if request.method == "POST":
        calls.note(worker, contact, read_json(request, outcome=str).get("outcome", ""))
        contact = the_contact(request, contact_id)
    return json_ok(calls.call_shown(worker, contact))
