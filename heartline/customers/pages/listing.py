"""`/customers/`: everybody we serve, found by name, address or number; lists kept under a name."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.common.paging import page_of
from heartline.customers.actions.facts import save_view
from heartline.customers.forms import FindForm
from heartline.customers.models import Customer, Organisation, SavedView
from heartline.customers.pages.shared import shown
from heartline.customers.queries import found_by, views_for
from heartline.customers.shown import row_for
from heartline.people.requests import StaffRequest

PAGE = 50
COUNTED = 1000


@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """Show customers, the newest first, a page at a time."""
    form = FindForm(request.GET)
    kept = form.kept()
    rows = found_by(request.scope, form.wanted())
    try:
        found, following = page_of(rows, request.GET.get("after", ""), PAGE)
    except Invalid:
        found, following = page_of(rows, "", PAGE)
    full = Customer.objects.filter(id__in=[row.id for row in found])
    known = full.select_related("organisation").prefetch_related("identities").order_by("-id")
    context = {
        "form": form,
        "rows": [row_for(request.scope, row) for row in known],
        "count": _count(rows),
        "counted": COUNTED,
        "kept": kept,
        "query": urlencode(kept),
        "older": urlencode({**kept, "after": following}) if following else "",
        "is_later": bool(request.GET.get("after")),
        "views": [(view, urlencode(view.query), view.query == kept) for view in views_for(request.scope)],
        "organisation": Organisation.objects.filter(id=form.wanted().organisation or 0).first(),
        "now": clock.now(),
    }
    return shown(request, "list.html", context, here="list")


@require_POST
def keep_view(request: StaffRequest) -> HttpResponse:
    """Keep what is looked for now under a name."""
    form = FindForm(request.POST)
    kept = form.kept()
    is_shared = request.POST.get("is_shared") == "on"
    try:
        view = save_view(request.user, request.POST.get("name", ""), kept, is_shared=is_shared)
    except Invalid as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("“%(name)s” is kept") % {"name": view.name})
    return _to_list(urlencode(kept))


@require_POST
def drop_view(request: StaffRequest, id: int) -> HttpResponse:
    """Let go of one's own saved view."""
    view = get_object_or_404(SavedView, pk=id, person=request.user)
    view.delete()
    messages.success(request, _("“%(name)s” is removed") % {"name": view.name})
    return _to_list("")


def _count(rows: QuerySet[Customer]) -> int:
    """Count up to a limit: nobody reads the difference between 40,000 and 40,012, and it costs a scan."""
    return rows.order_by()[: COUNTED + 1].count()


def _to_list(query: str) -> HttpResponse:
    response = redirect("customers:list")
    if query:
        response["Location"] += f"?{query}"
    return response
