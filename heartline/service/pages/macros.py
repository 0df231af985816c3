"""`/desk/macros/`: the macros one may use and write; and, as JSON, what one will do to a case, and doing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from heartline.conversations.levels import may_change
from heartline.conversations.macros.actions import check_may_change, remove_macro, save_macro
from heartline.conversations.macros.queries import macro_for, macros_for
from heartline.conversations.models import Macro
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest
from heartline.service.cases.macro_form import MacroForm
from heartline.service.cases.macros import refusal_of, run_macro, told
from heartline.service.pages.shared import the_case, worker_of
from heartline.ui.responses import json_ok


@require_safe
def macros(request: StaffRequest) -> HttpResponse:
    """Show the macros one may use."""
    rows = [(macro, may_change(request.scope, macro)) for macro in macros_for(request.scope)]
    return render(request, "service/macros.html", {"rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def macro(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change a macro."""
    standing = macro_for(request.scope, id) if id else None
    if standing:
        check_may_change(request.scope, standing)
    form = MacroForm(request.scope, request.user, request.POST or None, macro=standing)
    if request.method == "POST" and form.is_valid():
        thing, now = standing or Macro(), worker_of(request).now
        saved = attempt(form, lambda: save_macro(request.scope, thing, form.values(), by=by(request), now=now))
        if saved:
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("desk:macros")
    return render(request, "service/macro.html", {"form": form, "macro": standing}, status=422 if form.errors else 200)


@require_POST
def remove(request: StaffRequest, id: int) -> HttpResponse:
    """Remove a macro."""
    standing = macro_for(request.scope, id)
    name = standing.name
    remove_macro(request.scope, standing, by=by(request), now=worker_of(request).now)
    messages.success(request, _("%(name)s is removed") % {"name": name})
    return redirect("desk:macros")


@require_GET
def choices(request: StaffRequest) -> JsonResponse:
    """Return the macros one may use, the most used first."""
    rows = macros_for(request.scope).order_by("-used_count", "name", "id")[:100]
    return json_ok({"macros": [{"id": row.id, "name": row.name} for row in rows]})


@require_http_methods(["GET", "POST"])
def on_case(request: StaffRequest, case_id: int, macro_id: int) -> JsonResponse:
    """Show what a macro will do to a case, and why it cannot; or do it."""
    worker, case = worker_of(request), the_case(request, case_id)
    chosen = macro_for(request.scope, macro_id)
    if request.method == "GET":
        lines = [{"text": line.text, "undo": line.can_be_undone} for line in told(worker, case, chosen)]
        return json_ok({"lines": lines, "refusal": refusal_of(worker, case, chosen)})
    deed = run_macro(worker, case, chosen)
    return json_ok({"deed_id": deed.id, "undo": bool(deed.parts["cases"])})
