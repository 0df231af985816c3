"""`/customers/duplicates/`: records that may be one person, put together and taken apart."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common import clock
from heartline.common.errors import Conflict, Invalid, NotFound
from heartline.customers.actions.merging import dismiss_suggestion, merge_customers, unmerge
from heartline.customers.models import Customer, Merge
from heartline.customers.pages.shared import attributes_in_use, one_to_change, shown, to_customer
from heartline.customers.queries import customers_for, living_customer_for, suggestion_for, suggestions_for
from heartline.customers.shown import addresses_for, name_for, row_for, values_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest

PAGE = 25


@require_safe
def duplicates(request: StaffRequest) -> HttpResponse:
    """Show pairs that may be one person, the most alike first."""
    page = Paginator(suggestions_for(request.scope), PAGE).get_page(request.GET.get("page"))
    known = _with_all([id for pair in page for id in (pair.first_id, pair.second_id)])
    scope = request.scope
    rows = [(pair, row_for(scope, known[pair.first_id]), row_for(scope, known[pair.second_id])) for pair in page]
    recent = Merge.objects.filter(kept__in=customers_for(scope).values("id"), undone_at=None).select_related(
        "kept", "by"
    )
    context = {
        "page": page,
        "rows": rows,
        "why": why_words(),
        "merges": [(merge, name_for(scope, merge.kept)) for merge in recent[:10]],
        "now": clock.now(),
    }
    return shown(request, "duplicates.html", context, here="duplicates")


@require_POST
def dismiss(request: StaffRequest, id: int) -> HttpResponse:
    """Say that two records are two people."""
    dismiss_suggestion(suggestion_for(request.scope, id), by=actor_for(request.user), now=clock.now())
    messages.success(request, _("Two people. They will not be suggested again"))
    return redirect("customers:duplicates")


@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: StaffRequest, customer_id: int, other_id: int) -> HttpResponse:
    """Put two records side by side; merge them into the one that is kept."""
    one, other = one_to_change(request, customer_id), one_to_change(request, other_id)
    if one.id == other.id:
        raise NotFound(_("Choose two different customers"))
    refusal = ""
    if request.method == "POST":
        kept, gone = (other, one) if request.POST.get("keep") == str(other.id) else (one, other)
        try:
            merge_customers(kept, gone, by=actor_for(request.user), now=clock.now())
        except (Conflict, Invalid) as error:
            refusal = str(error)
        else:
            messages.success(request, _("Merged. Nothing is lost: it can be undone on this page"))
            return to_customer(kept.id)
    context = {"sides": [_side(request, row) for row in (one, other)], "refusal": refusal, "now": clock.now()}
    return shown(request, "merge.html", context, here="duplicates", status=409 if refusal else 200)


@require_POST
def find(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Lead to the comparison with a customer whose number was typed."""
    found = one_to_change(request, customer_id)
    number = request.POST.get("other", "").strip().lstrip("#")
    other = (
        customers_for(request.scope).filter(id=int(number)).first() if number.isdecimal() and len(number) < 19 else None
    )
    if other is None or other.id == found.id:
        messages.error(request, _("There is no other customer with this number"))
        return to_customer(found.id)
    return redirect("customers:merge", customer_id=found.id, other_id=other.id)


@require_POST
def undo(request: StaffRequest, id: int) -> HttpResponse:
    """Take two records apart again."""
    found = get_object_or_404(Merge.objects.select_related("kept", "gone"), pk=id, undone_at=None)
    living_customer_for(request.scope, found.kept_id)
    try:
        unmerge(found, by=actor_for(request.user), now=clock.now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
        return to_customer(found.kept_id)
    messages.success(request, _("Taken apart. Everything is where it was"))
    return to_customer(found.gone_id)


def why_words() -> dict[str, str]:
    """Return why two records may be one person, in words."""
    return {
        "same_email": _("Same e-mail address"),
        "same_phone": _("Same phone number"),
        "same_external": _("Same customer number"),
        "near_name": _("Alike names, and phone numbers that end alike"),
    }


def _side(request: StaffRequest, customer: Customer) -> dict[str, Any]:
    rows = customer.identities.exclude(kind="visitor").order_by("kind", "id")
    return {
        "customer": customer,
        "name": name_for(request.scope, customer),
        "addresses": addresses_for(request.scope, rows, in_full=False),
        "values": values_for(request.scope, customer, attributes_in_use(), request.user.language),
        "notes": customer.notes.count(),
    }


def _with_all(ids: list[int]) -> dict[int, Customer]:
    rows: QuerySet[Customer] = Customer.objects.filter(id__in=ids)
    return {row.id: row for row in rows.select_related("organisation").prefetch_related("identities")}
