"""`/desk/tasks/`: what is to be done behind the scenes, the most urgent first."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import F, Q, QuerySet
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from heartline.common.errors import Conflict, Invalid
from heartline.conversations.models import Task
from heartline.conversations.queries import task_for, tasks_for
from heartline.people.requests import StaffRequest
from heartline.service.cases import work as case_work
from heartline.service.pages.shared import worker_of

PAGE = 30
VIEWS = ("mine", "teams", "given", "done")


@require_GET
def tasks(request: StaffRequest) -> HttpResponse:
    """Show one's own tasks, one's teams', those one gave, and those that are done."""
    now, view = worker_of(request).now, _view(request.GET.get("view", ""))
    page = Paginator(_rows(request, view), PAGE).get_page(request.GET.get("page"))
    context = {
        "now": now,
        "view": view,
        "page": page,
        "rows": [(row, bool(row.due_at and row.due_at < now)) for row in page],
        "query": urlencode({"view": view}),
        "late": _rows(request, view).filter(due_at__lt=now).count() if view != "done" else 0,
    }
    return render(request, "service/tasks.html", context)


@require_POST
def act(request: StaffRequest, task_id: int) -> HttpResponse:
    """Take a task, close it, or open it again; a refusal is said on the page it came from."""
    worker, task = worker_of(request), task_for(request.scope, task_id)
    what, outcome = request.POST.get("act", ""), request.POST.get("outcome", "")
    try:
        if what == "take":
            case_work.take_task(worker, task)
        elif what == "reopen":
            case_work.open_again(worker, task)
        else:
            case_work.close_task(worker, task, outcome, dropped=what == "dropped")
    except (Conflict, Invalid) as refusal:
        messages.error(request, " ".join(map(str, refusal.fields.values())) or str(refusal))
    else:
        messages.success(request, _("It is yours now") if what == "take" else _("Saved"))
    view = _view(request.POST.get("view", ""))
    return HttpResponseRedirect(f"{reverse('desk:task_page')}?{urlencode({'view': view})}")


def _view(wanted: str) -> str:
    return wanted if wanted in VIEWS else "mine"


def _rows(request: StaffRequest, view: str) -> QuerySet[Task]:
    related = ("case", "case__customer", "owner", "team", "opened_by", "done_by")
    rows = tasks_for(request.scope).select_related(*related)
    if view == "done":
        return rows.exclude(state="open").order_by("-done_at", "-id")
    mine = {
        "mine": Q(owner=request.user),
        "teams": Q(team_id__in=request.scope.team_ids),
        "given": Q(opened_by=request.user) & ~Q(owner=request.user),
    }
    return rows.filter(mine[view], state="open").order_by(F("due_at").asc(nulls_last=True), "id")
