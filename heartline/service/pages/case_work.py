"""What people do with a case as a whole, as JSON."""

from __future__ import annotations

from datetime import UTC

from django.http import JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from heartline.common.errors import Invalid
from heartline.conversations.queries import task_for
from heartline.people.requests import StaffRequest
from heartline.service.cases import work as case_work
from heartline.service.cases.bulk import undo as take_back
from heartline.service.cases.snooze_times import snooze_times
from heartline.service.pages.shared import the_case, worker_of
from heartline.ui.responses import json_ok, read_json


@require_POST
def tags(request: StaffRequest, case_id: int) -> JsonResponse:
    """Put tags on a case and take others off."""
    data = read_json(request, add=list, remove=list)
    add, remove = _words(data.get("add", [])), _words(data.get("remove", []))
    case_work.tag(worker_of(request), the_case(request, case_id), add, remove)
    return json_ok()


@require_GET
def tag_names(request: StaffRequest) -> JsonResponse:
    """Return the tags in use, for suggestions."""
    return json_ok({"tags": case_work.known_tags(request.scope)})


@require_POST
def snooze(request: StaffRequest, case_id: int) -> JsonResponse:
    """Snooze a case until a time on the clock of one's own site; `before` is what an undo goes back to."""
    worker, case = worker_of(request), the_case(request, case_id)
    until = case_work.local_moment(read_json(request, until=str).get("until", ""), worker.person)
    before = case_work.snooze(worker, case, until)
    still = before.until.isoformat() if before and before.until > worker.now else ""
    return json_ok({"until": until.astimezone(UTC).isoformat(), "before": still})


@require_POST
def take_up(request: StaffRequest, case_id: int) -> JsonResponse:
    """Take a snooze back, or say that what it reminded of is dealt with."""
    ended = case_work.take_up(worker_of(request), the_case(request, case_id))
    return json_ok({"until": ended.until.isoformat()})


@require_GET
def times(request: StaffRequest) -> JsonResponse:
    """Return the usual times to snooze until."""
    worker = worker_of(request)
    found = snooze_times(worker.now, worker.person.site.time_zone)
    return json_ok({"times": {name: at.isoformat(timespec="minutes") for name, at in found.items()}})


@require_GET
def neighbours(request: StaffRequest, case_id: int) -> JsonResponse:
    """Return the customer's other cases and this one's contacts: what merging and moving choose from."""
    case = the_case(request, case_id)
    return json_ok({"cases": case_work.neighbours_of(request.scope, case), "contacts": case_work.contacts_in(case)})


@require_POST
def merge(request: StaffRequest, case_id: int) -> JsonResponse:
    """Merge this case into another."""
    into = read_json(request, into=int).get("into", 0)
    deed = case_work.merge(worker_of(request), the_case(request, case_id), into)
    return json_ok({"deed_id": deed.id, "case_id": deed.case_id})


@require_POST
def move(request: StaffRequest, case_id: int) -> JsonResponse:
    """Move contacts to another case, or, without one, to a new case."""
    data = read_json(request, contact_ids=list, to=(int, type(None)), subject=str)
    ids = [one for one in data.get("contact_ids", []) if isinstance(one, int) and not isinstance(one, bool)]
    worker, case = worker_of(request), the_case(request, case_id)
    deed = case_work.move(worker, case, ids, data.get("to"), data.get("subject", ""))
    return json_ok({"deed_id": deed.id, "case_id": deed.case_id})


@require_POST
def link(request: StaffRequest, case_id: int) -> JsonResponse:
    """Link another case to this one, or take the link away."""
    data = read_json(request, other=int, linked=bool)
    linked = data.get("linked", True)
    case_work.link(worker_of(request), the_case(request, case_id), data.get("other", 0), linked=linked)
    return json_ok()


@require_http_methods(["GET", "POST"])
def tasks(request: StaffRequest, case_id: int) -> JsonResponse:
    """Show whom a task can be given to; or give one."""
    worker, case = worker_of(request), the_case(request, case_id)
    if request.method == "GET":
        return json_ok(case_work.may_be_asked(worker.scope))
    data = read_json(request, what=str, who=str, due_at=str)
    due_at = case_work.local_moment(data["due_at"], worker.person) if data.get("due_at") else None
    task = case_work.ask(worker, case, data.get("what", ""), data.get("who", ""), due_at)
    return json_ok({"task_id": task.id})


@require_POST
def task(request: StaffRequest, task_id: int) -> JsonResponse:
    """Take a task, close it as done or not needed, or open it again."""
    data = read_json(request, act=str, outcome=str)
    worker, found = worker_of(request), task_for(request.scope, task_id)
    act, outcome = data.get("act", ""), data.get("outcome", "")
    if act == "take":
        case_work.take_task(worker, found)
    elif act in ("done", "dropped"):
        case_work.close_task(worker, found, outcome, dropped=act == "dropped")
    elif act == "reopen":
        case_work.open_again(worker, found)
    else:
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"))
    return json_ok()


@require_POST
def watch(request: StaffRequest, case_id: int) -> JsonResponse:
    """Hear of a case from now on, or no longer."""
    watching = read_json(request, watching=bool).get("watching", True)
    case_work.watch(worker_of(request), the_case(request, case_id), watching=watching)
    return json_ok()


@require_POST
def undo(request: StaffRequest, deed_id: int) -> JsonResponse:
    """Take something back that was done in one go."""
    deed = take_back(worker_of(request), deed_id)
    return json_ok({"case_id": deed.from_case_id or deed.case_id})


def _words(values: list[object]) -> list[str]:
    if not all(isinstance(value, str) for value in values) or len(values) > 50:
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"))
    return [str(value) for value in values]
