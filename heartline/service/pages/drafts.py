"""Drafts that colleagues finish for each other, as JSON."""

from __future__ import annotations

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from heartline.common.errors import NotFound
from heartline.conversations.actions.drafts import drafts_of, go_on_with, share_draft
from heartline.people.actions import actor_for
from heartline.people.models import Person
from heartline.people.requests import StaffRequest
from heartline.service.pages.shared import the_case, worker_of
from heartline.ui.responses import json_ok, read_json


@require_POST
def share(request: StaffRequest, case_id: int) -> JsonResponse:
    """Let colleagues go on with one's draft, or keep it to oneself again."""
    data = read_json(request, mode=str, shared=bool)
    worker, case = worker_of(request), the_case(request, case_id)
    by, mode = actor_for(worker.person), data.get("mode", "")
    draft = share_draft(case, worker.person, mode, shared=data.get("shared", True), by=by, now=worker.now)
    return json_ok({"shared": draft.shared_at is not None})


@require_POST
def go_on(request: StaffRequest, case_id: int) -> JsonResponse:
    """Take over a draft that a colleague shares."""
    data = read_json(request, mode=str, person_id=int)
    worker, case = worker_of(request), the_case(request, case_id)
    writer = Person.objects.filter(id=data.get("person_id", 0)).first()
    if writer is None:
        raise NotFound(_("There is no such draft"))
    go_on_with(case, writer, data.get("mode", ""), worker.person, by=actor_for(worker.person), now=worker.now)
    return json_ok({"drafts": drafts_of(case, worker.person)})
