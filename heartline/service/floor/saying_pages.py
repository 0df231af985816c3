"""What supervisors say from the floor, and how desks get it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from heartline.common import clock
from heartline.common.errors import Invalid
from heartline.conversations.models import Case
from heartline.people.requests import StaffRequest
from heartline.routing.controls.models import QueuePause
from heartline.routing.controls.queries import emergencies_for, pauses_for
from heartline.service.actions import Worker
from heartline.service.floor import actions
from heartline.service.floor.notices import (
    announcement_for,
    announcements_of,
    own_announcement_for,
    unread_announcements,
    whisper_shown,
    whispers_for,
)
from heartline.service.pages.shared import worker_of
from heartline.ui.formats import time_or_day
from heartline.ui.responses import json_ok, read_json

UNTIL = {
    "30": gettext_lazy("for half an hour"),
    "120": gettext_lazy("for two hours"),
    "480": gettext_lazy("for this shift (8 hours)"),
    "1440": gettext_lazy("for a day"),
    "4320": gettext_lazy("for three days"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def announcements(request: StaffRequest) -> HttpResponse:
    """Show what was announced and who has read it; announce something."""
    worker, errors = worker_of(request), {}
    if request.method == "POST":
        try:
            _announce(request, worker)
            messages.success(request, _("Announced. It stands on their desks until they have read it"))
            return redirect("floor:announcements")
        except Invalid as refusal:
            errors = refusal.fields
    context = {
        "now": worker.now,
        "told": announcements_of(request.scope, now=worker.now),
        "teams": actions.own_teams(request.scope, ()),
        "until": UNTIL,
        "errors": errors,
        "typed": request.POST.get("text", ""),
    }
    return render(request, "floor/announcements.html", context, status=422 if errors else 200)


@require_POST
def withdraw(request: StaffRequest, announcement_id: int) -> HttpResponse:
    """Take an announcement off the desks."""
    actions.withdraw(worker_of(request), own_announcement_for(request.scope, announcement_id))
    messages.success(request, _("Taken off the desks"))
    return redirect("floor:announcements")


@require_GET
def notices(request: StaffRequest) -> JsonResponse:
    """Return what a desk shows: announcements not read, whispers not read, and those of the case that is open."""
    now = clock.now()
    asked = request.GET.get("case", "")
    case = Case.objects.filter(id=int(asked)).first() if asked.isdecimal() and len(asked) < 12 else None
    told = unread_announcements(request.scope, now=now)
    return json_ok(
        {
            "house": [
                *(
                    {"key": f"emergency-{one.id}", "kind": "emergency", "text": one.told}
                    for one in emergencies_for(request.scope, now)
                ),
                *(
                    {"key": f"pause-{one.id}", "kind": "pause", "text": _pause_words(one, now)}
                    for one in pauses_for(request.scope, now)
                ),
            ],
            "announcements": [
                {"id": one.id, "from": one.author_name, "text": one.text, "at": one.at.isoformat()} for one in told
            ],
            "whispers": [whisper_shown(request.scope, said) for said in whispers_for(request.scope, case)],
        }
    )


@require_POST
def read_announcement(request: StaffRequest, announcement_id: int) -> JsonResponse:
    """Note that an announcement was read."""
    actions.read_announcement(worker_of(request), announcement_for(request.scope, announcement_id))
    return json_ok()


@require_POST
def read_whisper(request: StaffRequest, whisper_id: int) -> JsonResponse:
    """Note that a whisper was read."""
    actions.read_whisper(worker_of(request), whisper_id)
    return json_ok()


@require_POST
def whisper(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Whisper to whoever serves a contact."""
    said = actions.whisper(worker_of(request), contact_id, read_json(request, text=str).get("text", ""))
    return json_ok({"said": _("Only %(name)s sees it") % {"name": said.person.name}})


@require_POST
def take_over(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Take a contact over from whoever serves it."""
    data = read_json(request, wants=str, promised=str)
    taken = actions.take_over(worker_of(request), contact_id, data.get("wants", ""), data.get("promised", ""))
    return json_ok({"said": _("It is yours now"), "address": reverse("desk:case_page", args=[taken.case_id])})


def _pause_words(pause: QueuePause, now: datetime) -> str:
    zone, language = pause.queue.brand.site.time_zone, get_language() or "en"
    return _("%(queue)s is paused until %(time)s: nothing of it is offered, calls we owe excepted") % {
        "queue": pause.queue.name,
        "time": time_or_day(pause.until, language=language, zone=zone, now=now),
    }


def _announce(request: StaffRequest, worker: Worker) -> None:
    minutes = request.POST.get("until", "")
    if minutes not in UNTIL:
        raise Invalid(_("Choose until when from the list"), fields={"until": _("Choose from the list")})
    teams = [int(id) for id in request.POST.getlist("team") if id.isdecimal() and len(id) < 10]
    expires_at = worker.now + timedelta(minutes=int(minutes))
    actions.announce(worker, request.POST.get("text", ""), teams, expires_at=expires_at)
