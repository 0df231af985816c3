"""`/setup/audit/`: who did what and when, straight from the ledger."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from heartline.common.clock import day_bounds, now
from heartline.ledger.events import KINDS
from heartline.ledger.models import Entry
from heartline.ledger.positions import Position
from heartline.people.models import Person, PresenceState
from heartline.people.requests import StaffRequest

PAGE = 50


class AuditForm(forms.Form):
    """What to look for; whatever makes no sense is left out."""

    person = forms.ModelChoiceField(
        Person.objects.order_by("name"),
        label=gettext_lazy("Person"),
        required=False,
        empty_label=gettext_lazy("Everybody"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What happened"), required=False)
    day = forms.DateField(
        label=gettext_lazy("Day"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = sorted((what_happened(kind), kind) for kind in KINDS)
        kind_field: Any = self.fields["kind"]
        kind_field.choices = [("", _("Everything")), *((kind, words) for words, kind in kinds)]


@require_safe
def audit(request: StaffRequest) -> HttpResponse:
    """Show the ledger, newest first, a page at a time."""
    form = AuditForm(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    found = _entries(wanted.get("person"), wanted.get("kind", ""), wanted.get("day"))
    before = Position.parse(request.GET.get("before", ""))
    if before:
        found = found.filter(Q(epoch_tx=before.tx, id__lt=before.id) | Q(epoch_tx__lt=before.tx))
    entries = list(found[: PAGE + 1])
    last = entries[PAGE - 1] if len(entries) > PAGE else None
    context = {
        "form": form,
        "rows": [(entry, what_happened(entry.kind), gist(entry), _details(entry)) for entry in entries[:PAGE]],
        "older": _with(request.GET, before=str(Position(last.epoch_tx, last.id))) if last else "",
        "newest": _with(request.GET, before="") if before else "",
        "here": "audit",
        "now": now(),
    }
    return render(request, "people/setup/audit.html", context)


def what_happened(kind: str) -> str:
    """Return what a kind of event tells, in the reader's language: the first sentence of its documentation."""
    event = KINDS.get(kind)
    sentence = (event.__doc__ or kind).strip().partition("\n")[0] if event else kind
    return _(re.split(r"[.;](?: |$)", sentence)[0])


def gist(entry: Entry) -> str:
    """Return the few words that tell one entry about people and settings from another."""
    body = entry.body
    if entry.kind == "people.presence_changed":
        return str(dict(PresenceState.choices).get(body["state"], body["state"]))
    if entry.kind == "people.signed_in":
        outcomes = {"signed_in": _("Signed in"), "signed_out": _("Signed out"), "refused": _("Refused")}
        return " · ".join(filter(None, [body["person_name"], outcomes.get(body["outcome"], body["outcome"])]))
    if entry.kind == "people.person_changed":
        return str(body["person_name"])
    return str(body["name"]) if entry.kind == "people.settings_changed" else ""


def _entries(person: Person | None, kind: str, day: date | None) -> QuerySet[Entry]:
    found = Entry.objects.order_by("-epoch_tx", "-id")
    if person:
        found = found.filter(Q(person_id=person.pk) | Q(actor_kind="person", actor_id=person.pk))
    if kind:
        found = found.filter(kind=kind)
    if day:
        noon = datetime.combine(day, time(12), timezone.get_current_timezone())
        start, end = day_bounds(noon, timezone.get_current_timezone_name())
        found = found.filter(at__gte=start, at__lt=end)
    return found


def _details(entry: Entry) -> list[tuple[str, Any]]:
    """Return the fields of an event that say something."""
    return [(name, _written(value)) for name, value in entry.body.items() if value not in (None, "", [], {})]


def _written(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _with(query: QueryDict, **changes: str) -> str:
    """Return an address's query with some parts changed; an empty part is left out."""
    parts = query.copy()
    for name, value in changes.items():
        parts[name] = value
    return "?" + "&".join(part for part in parts.urlencode().split("&") if not part.endswith("="))
