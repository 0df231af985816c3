"""`/setup/case-types/`: types of cases, and what is asked of each."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict
from heartline.conversations.case_types import actions
from heartline.conversations.case_types.forms import CaseFieldForm, CaseTypeForm
from heartline.conversations.models import CaseField, CaseType
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest


@require_safe
def case_types(request: StaffRequest) -> HttpResponse:
    """Show the types with their fields, each with how many cases have it."""
    rows = CaseType.objects.annotate(used=Count("cases")).prefetch_related("fields").order_by("order", "id")
    return render(request, "conversations/setup/case_types.html", {"rows": rows, "here": "case_types"})


@require_http_methods(["GET", "HEAD", "POST"])
def case_type(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change a type."""
    standing = get_object_or_404(CaseType, pk=id) if id else None
    form = CaseTypeForm(request.POST or None, instance=CaseType.objects.filter(pk=id or 0).first())
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        saved = attempt(form, lambda: actions.save_type(standing or CaseType(), values, by=by(request), now=now()))
        if saved:
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("case_types:list") if standing else redirect("case_types:field_add", type_id=saved.pk)
    context = {"form": form, "case_type": standing, "here": "case_types"}
    return render(request, "conversations/setup/case_type.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def field(request: StaffRequest, type_id: int, id: int | None = None) -> HttpResponse:
    """Add or change a field of a type."""
    of = get_object_or_404(CaseType, pk=type_id)
    standing = get_object_or_404(CaseField, pk=id, type=of) if id else None
    form = CaseFieldForm(request.POST or None, instance=CaseField.objects.filter(pk=id or 0).first())
    if request.method == "POST" and form.is_valid():
        row, values = standing or CaseField(type=of), form.values()
        saved = attempt(form, lambda: actions.save_field(row, values, by=by(request), now=now()))
        if saved:
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("case_types:list")
    context = {"form": form, "case_type": of, "field": standing, "here": "case_types"}
    return render(request, "conversations/setup/case_field.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: StaffRequest, id: int) -> HttpResponse:
    """Move a type among the others."""
    actions.move_row(get_object_or_404(CaseType, pk=id), up=_is_up(request), by=by(request), now=now())
    return redirect("case_types:list")


@require_POST
def move_field(request: StaffRequest, type_id: int, id: int) -> HttpResponse:
    """Move a field among those of its type."""
    found = get_object_or_404(CaseField, pk=id, type_id=type_id)
    actions.move_row(found, up=_is_up(request), by=by(request), now=now())
    return redirect("case_types:list")


@require_POST
def remove(request: StaffRequest, id: int) -> HttpResponse:
    """Remove a type that no case ever had."""
    standing = get_object_or_404(CaseType, pk=id)
    name = standing.name
    try:
        actions.remove_type(standing, by=by(request), now=now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("case_types:type", id=id)
    messages.success(request, _("%(name)s is removed") % {"name": name})
    return redirect("case_types:list")


@require_POST
def remove_field(request: StaffRequest, type_id: int, id: int) -> HttpResponse:
    """Remove a field that was never filled in."""
    standing = get_object_or_404(CaseField, pk=id, type_id=type_id)
    name = standing.name
    try:
        actions.remove_field(standing, by=by(request), now=now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("case_types:field", type_id=type_id, id=id)
    messages.success(request, _("%(name)s is removed") % {"name": name})
    return redirect("case_types:list")


def _is_up(request: StaffRequest) -> bool:
    return request.POST.get("to") == "up"
