"""`/setup/reasons/`: the tree of contact reasons that wrap-up chooses from."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common.clock import now
from heartline.common.errors import Conflict
from heartline.conversations.actions.reasons import move_reason, plant_usual, remove_reason, save_reason
from heartline.conversations.forms import ReasonForm
from heartline.conversations.models import ContactReason
from heartline.people.pages.common import attempt, by
from heartline.people.requests import StaffRequest


@require_safe
def reasons(request: StaffRequest) -> HttpResponse:
    """Show the tree, each reason with how often it was chosen."""
    found = list(ContactReason.objects.annotate(chosen=Count("wrap_ups")).order_by("order", "id"))
    tree = [
        (group, [child for child in found if child.parent_id == group.pk]) for group in found if not group.parent_id
    ]
    return render(request, "conversations/setup/reasons.html", {"tree": tree, "here": "reasons"})


@require_http_methods(["GET", "HEAD", "POST"])
def reason(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change a reason."""
    standing = get_object_or_404(ContactReason, pk=id) if id else None
    instance = ContactReason.objects.get(pk=id) if id else None
    form = ReasonForm(request.POST or None, instance=instance, initial={"parent": request.GET.get("in")})
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        saved = attempt(form, lambda: save_reason(standing or ContactReason(), values, by=by(request), now=now()))
        if saved:
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("reasons:list")
    context = {"form": form, "reason": standing, "here": "reasons"}
    return render(request, "conversations/setup/reason.html", context, status=422 if form.errors else 200)


@require_POST
def move(request: StaffRequest, id: int) -> HttpResponse:
    """Move a reason among its own."""
    move_reason(get_object_or_404(ContactReason, pk=id), up=request.POST.get("to") == "up", by=by(request), now=now())
    return redirect("reasons:list")


@require_POST
def remove(request: StaffRequest, id: int) -> HttpResponse:
    """Remove a reason that was never chosen; others can only be taken out of use."""
    standing = get_object_or_404(ContactReason, pk=id)
    name = standing.name
    try:
        remove_reason(standing, by=by(request), now=now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return redirect("reasons:reason", id=id)
    messages.success(request, _("%(name)s is removed") % {"name": name})
    return redirect("reasons:list")


@require_POST
def usual(request: StaffRequest) -> HttpResponse:
    """Start an empty tree with the usual reasons."""
    plant_usual(by=by(request), now=now())
    return redirect("reasons:list")
