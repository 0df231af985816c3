"""`/customers/organisations/`: the companies and bodies that customers belong to."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from heartline.common import clock
from heartline.common.errors import Conflict, Invalid
from heartline.common.text import fold
from heartline.customers.actions.organisations import save_organisation
from heartline.customers.forms import OrganisationForm, refuse
from heartline.customers.models import Organisation
from heartline.customers.pages.shared import shown
from heartline.customers.queries import customers_for
from heartline.customers.shown import row_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

PAGE = 50
MEMBERS = 100


@require_safe
def listing(request: StaffRequest) -> HttpResponse:
    """Show organisations by name, with how many of their people the reader may see."""
    words = request.GET.get("q", "").strip()[:200]
    rows = Organisation.objects.filter(name_folded__contains=fold(words)) if words else Organisation.objects.all()
    mine = Q(customers__in=customers_for(request.scope).values("id"))
    rows = rows.annotate(people=Count("customers", filter=mine)).order_by("name_folded")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    return shown(request, "organisations.html", {"page": page, "words": words}, here="organisations")


@require_safe
def organisation(request: StaffRequest, id: int) -> HttpResponse:
    """Show an organisation and its people."""
    found = get_object_or_404(Organisation, pk=id)
    people = customers_for(request.scope).filter(organisation=found).prefetch_related("identities").order_by("-id")
    rows = [row_for(request.scope, person) for person in people[:MEMBERS]]
    context = {"organisation": found, "rows": rows, "is_cut": len(rows) == MEMBERS}
    return shown(request, "organisation.html", context, here="organisations")


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: StaffRequest, id: int | None = None) -> HttpResponse:
    """Add or change an organisation."""
    standing = get_object_or_404(Organisation, pk=id) if id else None
    form = OrganisationForm(request.POST or None, instance=Organisation.objects.filter(pk=id or 0).first())
    if request.method == "POST" and form.is_valid():
        try:
            by, now = actor_for(request.user), clock.now()
            saved = save_organisation(standing or Organisation(), dict(form.cleaned_data), by=by, now=now)
        except (Invalid, Conflict) as refusal:
            refuse(form, refusal)
        else:
            messages.success(request, _("%(name)s is saved") % {"name": saved.name})
            return redirect("customers:organisation", id=saved.pk)
    context = {"form": form, "organisation": standing}
    return shown(request, "organisation_edit.html", context, here="organisations", status=422 if form.errors else 200)
