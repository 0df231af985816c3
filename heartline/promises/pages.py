"""`/desk/follow-ups/`: what is owed, the late first, and done only with an outcome."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from heartline.common import clock
from heartline.common.errors import Conflict, Invalid
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.promises.actions import finish_follow_up, hand_over_follow_up
from heartline.promises.models import FollowUp
from heartline.promises.queries import follow_up_for, follow_ups_for
from heartline.promises.rules import WARN_BEFORE
from heartline.promises.words import OWNER_WHY

PAGE = 30
RELATED = ("case", "case__customer", "case__queue", "owner", "done_by")


@require_GET
def follow_ups(request: StaffRequest) -> HttpResponse:
    """Show what the reader owes, what their queues owe, and what was done."""
    view = request.GET.get("view", "")
    return _listed(request, view if view in ("queues", "done") else "mine", clock.now())


@require_POST
def finish(request: StaffRequest, follow_up_id: int) -> HttpResponse:
    """Close one with what came of it; what was typed is kept when it is refused."""
    now = clock.now()
    row, outcome = follow_up_for(request.scope, follow_up_id), request.POST.get("outcome", "")
    try:
        finish_follow_up(row, outcome, by=actor_for(request.user), now=now)
    except (Invalid, Conflict) as refusal:
        told = {"id": row.id, "text": outcome, "words": refusal.fields.get("outcome") or refusal.message}
        return _listed(request, _view_of(request), now, refused=told, status=refusal.status)
    messages.success(request, _("Done. What came of it is kept with the case"))
    return _back(request)


@require_POST
def take(request: StaffRequest, follow_up_id: int) -> HttpResponse:
    """Own one from now on."""
    row, now = follow_up_for(request.scope, follow_up_id), clock.now()
    try:
        hand_over_follow_up(row, request.user, why="taken", by=actor_for(request.user), now=now)
    except Conflict as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("It is yours now"))
    return _back(request)


def _listed(
    request: StaffRequest, view: str, now: datetime, *, refused: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    rows = _rows(request, view).select_related(*RELATED).prefetch_related("additions")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    context = {
        "now": now,
        "view": view,
        "page": page,
        "rows": [(row, OWNER_WHY.get(row.owner_why, ""), row.due_at < now + WARN_BEFORE) for row in page],
        "query": urlencode({"view": view}),
        "refused": refused or {},
        "late": _rows(request, view).filter(due_at__lt=now).count() if view != "done" else 0,
    }
    return render(request, "promises/follow_ups.html", context, status=status)


def _rows(request: StaffRequest, view: str) -> QuerySet[FollowUp]:
    rows = follow_ups_for(request.scope)
    if view == "done":
        return rows.filter(state="done").order_by("-done_at", "-id")
    rows = rows.filter(state="open").order_by("due_at", "id")
    return rows.filter(owner=request.user) if view == "mine" else rows


def _view_of(request: StaffRequest) -> str:
    return "queues" if request.POST.get("view") == "queues" else "mine"


def _back(request: StaffRequest) -> HttpResponse:
    response = redirect("promises:list")
    if _view_of(request) == "queues":
        response["Location"] += "?view=queues"
    return response
