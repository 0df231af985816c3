"""`/setup/audit/`: who did what and when, straight from the ledger."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from heartline.common.clock import now
from heartline.ledger.events import KINDS
from heartline.ledger.positions import Position
from heartline.people.actions import actor_for
from heartline.people.audit import Sought, as_csv, before, details, entries_for, gist, note_export, what_happened, who
from heartline.people.models import Person
from heartline.people.requests import StaffRequest
from heartline.ui.files import streamed_file

__all__ = ["PAGE", "audit", "audit_csv", "what_happened"]

PAGE = 50
BIGGEST = 2**63 - 1
SUBJECTS = (
    ("", gettext_lazy("Anything")),
    ("customer_id", gettext_lazy("Customer")),
    ("case_id", gettext_lazy("Case")),
    ("contact_id", gettext_lazy("Contact")),
    ("queue_id", gettext_lazy("Queue")),
)


class AuditForm(forms.Form):
    """What to look for; whatever makes no sense is left out."""

    person = forms.ModelChoiceField(
        Person.objects.order_by("name"),
        label=gettext_lazy("Person"),
        required=False,
        empty_label=gettext_lazy("Everybody"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What happened"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("Up to and with"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    subject = forms.ChoiceField(label=gettext_lazy("Concerning"), required=False, choices=SUBJECTS)
    number = forms.IntegerField(label=gettext_lazy("Number"), required=False, min_value=1, max_value=BIGGEST)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted((what_happened(kind), kind) for kind in KINDS)
        kind_field: Any = self.fields["kind"]
        kind_field.choices = [("", _("Everything")), *((kind, words) for words, kind in kinds)]

    def sought(self) -> Sought:
        """Return what is looked for."""
        self.is_valid()
        given = self.cleaned_data
        person, first, last = given.get("person"), given.get("since"), given.get("until")
        return Sought(
            person_id=person.pk if person else None,
            kind=given.get("kind") or "",
            first=first,
            last=last,
            subject=given.get("subject") or "",
            number=given.get("number"),
        )


@require_safe
def audit(request: StaffRequest) -> HttpResponse:
    """Show the ledger, newest first, a page at a time."""
    form = AuditForm(request.GET)
    found = entries_for(request.scope, form.sought(), _zone())
    place = Position.parse(request.GET.get("before", ""))
    if place and max(place) <= BIGGEST:
        found = before(found, place)
    entries = list(found[: PAGE + 1])
    last = entries[PAGE - 1] if len(entries) > PAGE else None
    context = {
        "form": form,
        "rows": [
            (entry, what_happened(entry.kind), gist(entry), details(entry), who(entry, request.scope))
            for entry in entries[:PAGE]
        ],
        "older": _with(request.GET, before=str(Position(last.epoch_tx, last.id))) if last else "",
        "newest": _with(request.GET, before="") if place else "",
        "here": "audit",
        "now": now(),
    }
    return render(request, "people/setup/audit.html", context)


@require_POST
def audit_csv(request: StaffRequest) -> StreamingHttpResponse:
    """Hand out what was looked for as a file; that it left is recorded."""
    sought, zone = AuditForm(request.POST).sought(), _zone()
    moment = now()
    note_export(sought, by=actor_for(request.user), now=moment)
    lines = as_csv(entries_for(request.scope, sought, zone), request.scope, zone)
    return streamed_file(lines, f"heartline-audit-{moment.astimezone(zone).date().isoformat()}.csv")


def _zone() -> ZoneInfo:
    return ZoneInfo(timezone.get_current_timezone_name())


def _with(query: QueryDict, **changes: str) -> str:
    """Return an address's query with some parts changed; an empty part is left out."""
    parts = query.copy()
    for name, value in changes.items():
        parts[name] = value
    return "?" + "&".join(part for part in parts.urlencode().split("&") if not part.endswith("="))
