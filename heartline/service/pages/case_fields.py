"""The type of a case and its fields, as JSON."""

from __future__ import annotations

from django.http import JsonResponse
from django.views.decorators.http import require_POST

from heartline.people.requests import StaffRequest
from heartline.service.cases.fields import fill_in, type_named
from heartline.service.forms import typed
from heartline.service.pages.shared import the_case, worker_of
from heartline.ui.responses import json_ok, read_json


@require_POST
def fields(request: StaffRequest, case_id: int) -> JsonResponse:
    """Give a case a type, and its fields values by their keys."""
    data = read_json(request, type_id=(int, type(None)), fields=dict)
    changed = fill_in(
        worker_of(request), the_case(request, case_id), type_named(data.get("type_id")), typed(data.get("fields", {}))
    )
    return json_ok({"changed": list(changed)})
