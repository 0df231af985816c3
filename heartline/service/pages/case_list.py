"""`/desk/cases/`: cases by view and filter, with what can be done to several at once."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from heartline.conversations.matter import tags_of
from heartline.conversations.models import Case
from heartline.conversations.models.case import CaseState
from heartline.people.models import Queue
from heartline.people.permissions import ROLES_WITH
from heartline.people.queries import colleagues, own_queues
from heartline.people.requests import StaffRequest
from heartline.service.cases.bulk import change_many
from heartline.service.cases.fields import types_for_desk
from heartline.service.cases.lists import Wanted, counts_of_states, counts_of_views, listed, wanted
from heartline.service.cases.page_words import view_names
from heartline.service.page_words import desk_words
from heartline.service.pages.shared import worker_of
from heartline.ui.responses import json_ok, read_json

PAGE = 50


@require_GET
@ensure_csrf_cookie
def cases(request: StaffRequest) -> HttpResponse:
    """Show the cases that are asked for."""
    worker, asked = worker_of(request), wanted(request.GET)
    rows = listed(worker.scope, asked).select_related("customer", "owner", "queue", "type")
    states = counts_of_states(worker.scope, asked)
    page = _pages(rows, _count(states, asked.state)).get_page(request.GET.get("page"))
    queues, tags = own_queues(worker.scope), tags_of(row.id for row in page)
    context = {
        "now": worker.now,
        "asked": asked,
        "page": page,
        "rows": [(row, tags.get(row.id, ())) for row in page],
        "views": _views(request, asked),
        "states": _states(states, asked),
        "queues": queues,
        "query": asked.query(),
        "types": types_for_desk(),
        "words": desk_words(),
        "choices": _choices(request, queues),
    }
    return render(request, "service/cases.html", context)


@require_POST
def bulk(request: StaffRequest) -> JsonResponse:
    """Change several cases at once; says which were left alone and why."""
    data = read_json(request, case_ids=list, steps=list)
    ids = [one for one in data.get("case_ids", []) if isinstance(one, int) and not isinstance(one, bool)]
    deed, left = change_many(worker_of(request), ids, data.get("steps", []))
    done = len(deed.parts["cases"]) if deed else 0
    return json_ok({"deed_id": deed.id if deed else None, "done": done, "left": left})


def _views(request: StaffRequest, asked: Wanted) -> list[tuple[str, str, int, bool]]:
    counts = counts_of_views(request.scope)
    return [(asked.query(view=view), name, counts[view], view == asked.view) for view, name in view_names().items()]


def _states(counts: dict[str, int], asked: Wanted) -> list[tuple[str, str, int, bool]]:
    names = {"unsolved": _("Unsolved"), **{code: str(name) for code, name in CaseState.choices}}
    return [(asked.query(state=code), name, counts[code], code == asked.state) for code, name in names.items()]


def _choices(request: StaffRequest, queues: list[Queue]) -> dict[str, list[list[str]]]:
    """Return what a change of several cases can choose from."""
    serving = [person for person in colleagues(request.scope) if person.role in ROLES_WITH["contact.serve"]]
    return {
        "owners": [[str(person.id), person.name] for person in serving],
        "queues": [[str(queue.id), queue.name] for queue in queues],
    }


def _pages(rows: QuerySet[Case], count: int) -> Paginator[Case]:
    """Return the pages of a list whose length was counted with the states."""
    pages = Paginator(rows, PAGE)
    vars(pages)["count"] = count
    return pages


def _count(states: dict[str, int], state: str) -> int:
    return sum(states[code] for code in CaseState.values) if state == "any" else states[state]
