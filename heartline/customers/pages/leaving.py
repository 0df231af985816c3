"""Data that leaves: a list as CSV, one person's data as JSON, and a person who is erased."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from heartline.common import clock
from heartline.common.errors import Conflict
from heartline.customers.actions.erasing import erase_customer
from heartline.customers.actions.exporting import as_csv, everything_about, note_export
from heartline.customers.forms import FindForm
from heartline.customers.pages.shared import one_to_change, shown
from heartline.customers.queries import found_by
from heartline.customers.shown import name_for
from heartline.people.actions import actor_for
from heartline.people.requests import StaffRequest
from heartline.ui.files import file_reply, streamed_file


@require_POST
def export(request: StaffRequest) -> HttpResponse | StreamingHttpResponse:
    """Return the customers that the list shows as a table."""
    return list_as_file(request, FindForm(request.POST), clock.now())


def list_as_file(request: StaffRequest, form: FindForm, now: datetime) -> StreamingHttpResponse:
    """Return the customers that a form finds as a file, and record that it left."""
    rows = found_by(request.scope, form.wanted())
    note_export(None, rows.count(), "list", by=actor_for(request.user), now=now)
    return streamed_file(as_csv(rows), f"customers-{now:%Y-%m-%d}.csv")


@require_POST
def export_one(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Return everything we keep about one customer."""
    found, now = one_to_change(request, customer_id), clock.now()
    data: dict[str, Any] = everything_about(found, now=now)
    note_export(found, 1, "everything", by=actor_for(request.user), now=now)
    body = json.dumps(data, ensure_ascii=False, indent=1)
    return file_reply(body, f"customer-{found.id}.json", "application/json; charset=utf-8")


@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: StaffRequest, customer_id: int) -> HttpResponse:
    """Say what goes and what stays; erase when the customer's number is typed."""
    found = one_to_change(request, customer_id)
    refusal = ""
    if request.method == "POST":
        if request.POST.get("number", "").strip().lstrip("#") != str(found.id):
            refusal = _("Type the number %(id)s to confirm") % {"id": found.id}
        else:
            try:
                erase_customer(found, by=actor_for(request.user), now=clock.now())
            except Conflict as error:
                refusal = str(error)
            else:
                messages.success(request, _("Erased. What is counted stays, without a name"))
                return redirect("customers:list")
    context = {"customer": found, "name": name_for(request.scope, found), "refusal": refusal}
    return shown(request, "erase.html", context, here="customer", status=422 if refusal else 200)
