"""The floor's page and what its script asks for. Parts of the page are rendered here alone, for the first look and every later one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from heartline.common import clock
from heartline.conversations.queries import contact_for
from heartline.ledger.queries import head
from heartline.people.models import PresenceState
from heartline.people.models.presence import REASONS
from heartline.people.requests import StaffRequest
from heartline.routing.controls.queries import emergencies_for
from heartline.service.actions import CHOSEN_REASONS, CHOSEN_STATES
from heartline.service.alerts.queries import open_alerts
from heartline.service.alerts.words import sentence
from heartline.service.floor import actions
from heartline.service.floor.choices import candidates_for
from heartline.service.floor.queries import floor_for
from heartline.service.pages.shared import worker_of
from heartline.ui.responses import json_ok, read_json

ALERTS_SHOWN = 5
# The parts of the page that change by themselves.
PARTS = ("alerts", "headline", "queues", "hours", "needs", "waiting", "people")


@require_GET
@ensure_csrf_cookie
def floor(request: StaffRequest) -> HttpResponse:
    """Show the floor."""
    context = _context(request)
    context |= {"presences": _presences(), "reasons": _reasons(), "words": _words()}
    return render(request, "floor/floor.html", context)


@require_GET
def state(request: StaffRequest) -> JsonResponse:
    """Return the changing parts of the page as they are now, and the place in the ledger up to which they hold."""
    context = _context(request)
    parts = {name: render_to_string(f"floor/{name}.html", context, request) for name in PARTS}
    return json_ok({"position": context["position"], "now": context["now"].isoformat(), "parts": parts})


@require_GET
def choices(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Return whom a contact can be given to, ready for the dialog."""
    contact = contact_for(request.scope, contact_id)
    context = {"contact": contact, "candidates": candidates_for(request.scope, contact)}
    return json_ok({"html": render_to_string("floor/choices.html", context, request)})


@require_POST
def give(request: StaffRequest, contact_id: int) -> JsonResponse:
    """Give a contact to a colleague."""
    data = read_json(request, person=int, why=str)
    contact = actions.give(worker_of(request), contact_id, data.get("person", 0), data.get("why", ""))
    name = contact.assignee.name if contact.assignee else ""
    return json_ok({"said": _("Given to %(name)s") % {"name": name}})


@require_POST
def take_back(request: StaffRequest, offer_id: int) -> JsonResponse:
    """Take an offer back."""
    actions.take_back(worker_of(request), offer_id)
    return json_ok({"said": _("Taken back. It goes to somebody else")})


@require_POST
def presence(request: StaffRequest, person_id: int) -> JsonResponse:
    """Set a colleague's presence."""
    data = read_json(request, state=str, reason=str)
    found = actions.set_presence_of(worker_of(request), person_id, data.get("state", ""), data.get("reason", ""))
    words = {"name": found.person.name, "state": PresenceState(found.state).label}
    return json_ok({"said": _("%(name)s: %(state)s") % words})


def _context(request: StaffRequest) -> dict[str, Any]:
    now, position = clock.now(), str(head())
    return {
        "now": now,
        "position": position,
        "floor": floor_for(request.scope, now=now),
        "emergencies": emergencies_for(request.scope, now),
        "alerts": [(alert, sentence(alert)) for alert in open_alerts(request.scope)[:ALERTS_SHOWN]],
        "may": {
            "join": request.scope.may("contact.join"),
            "give": request.scope.may("contact.reassign"),
            "presence": request.scope.may("presence.others"),
            "whisper": request.scope.may("contact.whisper"),
            "control": request.scope.may("queue.control"),
            "announce": request.scope.may("floor.announce"),
            "open": request.scope.may("desk.use"),
        },
    }


def _presences() -> list[tuple[str, str]]:
    return [(state.value, str(state.label)) for state in CHOSEN_STATES]


def _reasons() -> list[tuple[str, str]]:
    return [(key, str(words)) for key, words in REASONS.items() if key in CHOSEN_REASONS]


def _words() -> dict[str, str]:
    """Return what the floor's script says."""
    return {
        "stale": _("These figures could not be brought up to date. Trying again"),
        "desk": reverse("desk:case_page", args=[0]),
        "join": reverse("desk:join", args=[0]),
        "choices": reverse("floor:choices", args=[0]),
        "give": reverse("floor:give", args=[0]),
        "take_back": reverse("floor:take_back", args=[0]),
        "presence": reverse("floor:presence", args=[0]),
        "whisper": reverse("floor:whisper", args=[0]),
        "take_over": reverse("floor:take_over", args=[0]),
    }
