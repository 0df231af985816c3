"""`/customers/import/`: a file comes in, is looked at, is worked through; what could not be taken is listed by line."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common import clock
from heartline.common.errors import Conflict, Invalid, TooLarge
from heartline.customers.actions.exporting import BOM
from heartline.customers.actions.importing import (
    FIELDS,
    first_rows,
    place_of,
    plan_import,
    start_import,
    stop_import,
    take_file,
)
from heartline.customers.models import Attribute, Customer, Import, ImportState, Tier
from heartline.customers.pages.shared import shown
from heartline.customers.rules.tables import harmless
from heartline.people.actions import actor_for
from heartline.people.models.organisation import LANGUAGES
from heartline.people.requests import StaffRequest
from heartline.ui.files import file_reply
from heartline.ui.responses import json_ok

SHOWN = 20
PROBLEMS = 200


@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: StaffRequest) -> HttpResponse:
    """Show earlier imports and take a file in."""
    refusal = ""
    if request.method == "POST":
        try:
            job = take_file(_file(request), language=request.user.language, by=actor_for(request.user), now=clock.now())
        except (Invalid, TooLarge) as error:
            refusal = str(error.fields.get("file") or error.message)
        else:
            return redirect("customers:import", id=job.pk)
    context = {"jobs": Import.objects.select_related("by")[:SHOWN], "refusal": refusal, "now": clock.now()}
    return shown(request, "imports.html", context, here="import", status=422 if refusal else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def job(request: StaffRequest, id: int) -> HttpResponse:
    """Show how a file is read and what its first rows say; or how far it has come."""
    found = get_object_or_404(Import.objects.select_related("by"), pk=id)
    refusal = ""
    if request.method == "POST":
        refusal = _planned(request, found)
        if not refusal:
            return redirect("customers:import", id=found.pk)
    has_file = place_of(found.token).exists()
    context: dict[str, Any] = {"job": found, "refusal": refusal, "has_file": has_file, "now": clock.now()}
    if found.state == ImportState.READY and has_file:
        context |= _preview(found)
    else:
        rows = found.problems.all()[:PROBLEMS]
        context["problems"] = [(row.line, row.column, reason_words().get(row.reason, row.reason)) for row in rows]
    return shown(request, "import.html", context, here="import", status=422 if refusal else 200)


@require_POST
def stop(request: StaffRequest, id: int) -> HttpResponse:
    """Stop a running import; what is in stays in."""
    found = get_object_or_404(Import, pk=id)
    try:
        stop_import(found, by=actor_for(request.user), now=clock.now())
    except Conflict as refusal:
        messages.error(request, str(refusal))
    return redirect("customers:import", id=found.pk)


@require_POST
def go_on(request: StaffRequest, id: int) -> HttpResponse:
    """Go on with a stopped import."""
    found = get_object_or_404(Import, pk=id)
    try:
        start_import(found, by=actor_for(request.user), now=clock.now())
    except (Conflict, Invalid) as refusal:
        messages.error(request, str(refusal))
    return redirect("customers:import", id=found.pk)


@require_safe
def progress(request: StaffRequest, id: int) -> JsonResponse:
    """Return how far an import has come."""
    found = get_object_or_404(Import, pk=id)
    names = ("state", "rows", "added", "changed", "unchanged", "refused", "percent")
    return json_ok({"done": found.next_row, **{name: getattr(found, name) for name in names}})


@require_safe
def problems(request: StaffRequest, id: int) -> HttpResponse:
    """Return what could not be taken as a table: line, column, reason."""
    found = get_object_or_404(Import, pk=id)
    out = io.StringIO()
    table = csv.writer(out)
    table.writerow([_("Line"), _("Column"), _("Reason")])
    words = reason_words()
    for row in found.problems.all().iterator():
        table.writerow([row.line, harmless(row.column), words.get(row.reason, row.reason)])
    return file_reply(BOM + out.getvalue(), f"import-{found.pk}-problems.csv")


def reason_words() -> dict[str, str]:
    """Return why a row could not be taken, in words."""
    return {
        "no_address": _("No customer number, e-mail address or phone number"),
        "email": _("This e-mail address cannot be right. It looks like name@example.com"),
        "phone": _("This phone number cannot be right. A mobile number has 11 digits; start others with +"),
        "number": _("This is no number. Write it like 12000 or 12,000.50"),
        "date": _("This is no date. Write it like 2026-03-06"),
        "choice": _("This is not among the choices of the attribute"),
        "tier": _("There is no such tier"),
        "language": _("There is no such language"),
        "several": _("Leads to several customers. Merge them first"),
    }


def field_words() -> list[tuple[str, str]]:
    """Return what a column can go to."""
    words = {"external": _("Customer number"), "email": _("E-mail"), "phone": _("Phone")}
    known = {column.name: str(column.verbose_name) for column in Customer._meta.concrete_fields}
    known |= words | {"organisation": _("Organisation")}
    extra = [(f"attribute:{row.key}", row.name) for row in Attribute.objects.all()]
    return [("", _("Leave out")), *((name, known[name]) for name in FIELDS), *extra]


def _planned(request: StaffRequest, found: Import) -> str:
    """Set where the columns go and, when asked to, begin; returns why not."""
    asked = {str(place): request.POST.get(f"column_{place}", "") for place in range(len(found.columns))}
    mapping = {place: meaning for place, meaning in asked.items() if meaning}
    language = "en" if request.POST.get("language") == "en" else "zh-hans"
    now = clock.now()
    try:
        plan_import(found, mapping, language=language, now=now)
        if request.POST.get("act") == "start":
            start_import(found, by=actor_for(request.user), now=now)
    except (Invalid, Conflict) as refusal:
        found.mapping = mapping
        return str(refusal)
    return ""


def _preview(found: Import) -> dict[str, Any]:
    words = reason_words()
    rows = first_rows(found)
    samples = [next((cells[place] for _l, cells, _r in rows if place < len(cells) and cells[place].strip()), "")
               for place in range(len(found.columns))]  # fmt: skip
    columns = [
        (
            place,
            name or _("Column %(number)s") % {"number": place + 1},
            samples[place],
            found.mapping.get(str(place), ""),
        )
        for place, name in enumerate(found.columns)
    ]
    names = {**dict(Tier.choices), **dict(LANGUAGES)}
    for _line, _cells, row in rows:
        row.texts |= {key: str(names.get(row.texts[key], "")) for key in ("tier", "language") if key in row.texts}
    read = [
        (line, row, words.get(row.problem, ""), found.columns[row.column] if row.column is not None else "")
        for line, _cells, row in rows
    ]
    return {"columns": columns, "read": read, "fields": field_words(), "encoding": _encoding_word(found.encoding)}


def _encoding_word(encoding: str) -> str:
    return {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "gb18030": "GB 18030", "big5": "Big5"}.get(
        encoding, "Windows-1252"
    )


def _file(request: StaffRequest) -> Any:
    found = request.FILES.get("file")
    if not isinstance(found, UploadedFile):
        raise Invalid(_("Choose a file first"), fields={"file": _("Choose a file first")})
    return found
