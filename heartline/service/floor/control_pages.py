"""How one contact stands and what can be decided about it; pauses and emergency messages. Everything works without a script."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from heartline.common import clock
from heartline.common.errors import Conflict, Invalid, NotFound
from heartline.people.models import Person, Presence, PresenceState, Queue
from heartline.people.queries import queues_for
from heartline.people.requests import StaffRequest
from heartline.routing.controls.actions import Words
from heartline.routing.controls.queries import (
    brands_to_tell,
    contact_to_control,
    emergencies_for,
    past_pauses_for,
    pauses_for,
    recent_controls,
    standing_controls,
)
from heartline.routing.queries import SIGNED_IN
from heartline.service.floor import controlling
from heartline.service.floor.actions import colleague_for
from heartline.service.floor.choices import candidates_for
from heartline.service.floor.standing import standing_for, waits_without
from heartline.service.pages.shared import worker_of


@require_safe
def contact(request: StaffRequest, contact_id: int) -> HttpResponse:
    """Show what a contact counts for, why it waits, what happens next, who could take it, and what may be decided."""
    return _show_contact(request, contact_id)


@require_POST
def decide(request: StaffRequest, contact_id: int, control: str) -> HttpResponse:
    """Pin, raise or move a contact."""
    sent, worker = request.POST, worker_of(request)
    acts: dict[str, Callable[[], Any]] = {
        "pin": lambda: controlling.pin(
            worker, contact_id, _number(sent, "person"), _number(sent, "minutes"), sent.get("why", "")
        ),
        "raise": lambda: controlling.raise_by(worker, contact_id, _number(sent, "minutes"), sent.get("why", "")),
        "move": lambda: controlling.move_to(worker, contact_id, _number(sent, "queue"), sent.get("why", "")),
    }
    if control not in acts:
        raise NotFound(_("There is no such decision, or it is not yours to undo"))
    try:
        acts[control]()
    except (Invalid, Conflict) as refusal:
        return _show_contact(request, contact_id, refused={control: refusal}, typed=sent)
    messages.success(request, _said(control))
    return redirect("floor:contact", contact_id=contact_id) if control != "move" else redirect("floor:page")


@require_safe
def person(request: StaffRequest, person_id: int) -> HttpResponse:
    """Show what waits and is not with a colleague, and why."""
    return _show_waits(request, colleague_for(request.scope, person_id), is_me=False)


@require_safe
def own(request: StaffRequest) -> HttpResponse:
    """Show what waits and is not with oneself, and why."""
    return _show_waits(request, request.user, is_me=True)


@require_POST
def undo(request: StaffRequest, control_id: int) -> HttpResponse:
    """Take a decision about a contact back."""
    try:
        controlling.undo(worker_of(request), control_id)
        messages.success(request, _("Undone. It is recorded that it was"))
    except Conflict as refusal:
        messages.error(request, str(refusal))
    return redirect("floor:controls")


@require_http_methods(["GET", "HEAD", "POST"])
def controls(request: StaffRequest) -> HttpResponse:
    """Show what is paused and told now, and what was decided of late; pause a queue, or tell customers something."""
    refused: dict[str, Any] = {}
    if request.method == "POST":
        what = request.POST.get("what", "")
        try:
            messages.success(request, _TELLING[what](request) if what in _TELLING else "")
            return redirect("floor:controls")
        except (Invalid, Conflict) as refusal:
            refused = {what: refusal}
    now = clock.now()
    context = {
        "now": now,
        "queues": queues_for(request.scope).select_related("brand").order_by("id"),
        "brands": brands_to_tell(request.scope),
        "pauses": pauses_for(request.scope, now),
        "past": past_pauses_for(request.scope, now)[:10],
        "emergencies": emergencies_for(request.scope, now),
        "recent": recent_controls(request.scope, now=now),
        "pause_for": controlling.PAUSE_FOR,
        "tell_for": controlling.TELL_FOR,
        "refused": refused,
        "typed": request.POST,
        "chosen": request.POST.get("queue") or request.GET.get("queue", ""),
    }
    return render(request, "floor/controls.html", context, status=422 if refused else 200)


@require_POST
def resume(request: StaffRequest, queue_id: int) -> HttpResponse:
    """End a queue's pause."""
    try:
        queue = controlling.resume(worker_of(request), queue_id)
        messages.success(request, _("%(queue)s goes on") % {"queue": queue.name})
    except Conflict as refusal:
        messages.error(request, str(refusal))
    return redirect("floor:controls")


@require_POST
def take_down(request: StaffRequest, emergency_id: int) -> HttpResponse:
    """Take an emergency message down."""
    controlling.take_down(worker_of(request), emergency_id)
    messages.success(request, _("Taken down. Customers and desks see it no more"))
    return redirect("floor:controls")


def _show_contact(request: StaffRequest, contact_id: int, *, refused: Any = None, typed: Any = None) -> HttpResponse:
    now = clock.now()
    found = contact_to_control(request.scope, contact_id)
    may = request.scope.may("queue.control") and found.state == "waiting"
    context = {
        "now": now,
        "contact": found,
        "names": request.scope.may("personal.read"),
        "standing": standing_for(request.scope, found, now) if found.state == "waiting" else None,
        "decided": standing_controls([found.id]).get(found.id, []),
        "may": may,
        "candidates": [one for one in candidates_for(request.scope, found) if one.person.is_here] if may else [],
        "queues": Queue.objects.exclude(id=found.queue_id).select_related("brand").order_by("id") if may else [],
        "pin_for": controlling.PIN_FOR,
        "raise_by": controlling.RAISE_BY,
        "refused": refused or {},
        "typed": typed or {},
    }
    return render(request, "floor/contact.html", context, status=422 if refused else 200)


def _show_waits(request: StaffRequest, whose: Person, *, is_me: bool) -> HttpResponse:
    now = clock.now()
    presence: Presence | None = getattr(whose, "presence", None)
    context = {
        "now": now,
        "whose": whose,
        "is_me": is_me,
        "presence": presence,
        "is_here": presence is not None and presence.state in SIGNED_IN,
        "state_words": PresenceState(presence.state).label if presence else PresenceState.OFFLINE.label,
        "waiting": waits_without(request.scope, whose.id, now),
        "may": request.scope.may("queue.control"),
    }
    return render(request, "floor/why_not.html", context)


def _pause(request: StaffRequest) -> str:
    paused = controlling.pause(
        worker_of(request), _number(request.POST, "queue"), _number(request.POST, "minutes"), _words(request)
    )
    return _("%(queue)s is paused. Its customers are told so at once") % {"queue": paused.queue.name}


def _tell(request: StaffRequest) -> str:
    chosen = request.POST.getlist("brand")
    brands = [int(id) for id in chosen if id.isdecimal() and len(id) < 10]
    controlling.tell(
        worker_of(request), _words(request), brands, _number(request.POST, "minutes"), everywhere="all" in chosen
    )
    return _("It is shown now: on the contact page, in chats and on desks")


_TELLING: dict[str, Callable[[StaffRequest], str]] = {"pause": _pause, "tell": _tell}


def _words(request: StaffRequest) -> Words:
    sent = request.POST
    return Words(told_en=sent.get("told_en", ""), told_zh=sent.get("told_zh", ""), why=sent.get("why", ""))


def _said(control: str) -> str:
    return {
        "pin": _("Pinned. It is kept for them, and then for everybody again"),
        "raise": _("Raised. Whoever sees its rank sees that you did"),
        "move": _("Moved. It keeps its wait, and so its place"),
    }[control]


def _number(sent: Any, name: str) -> int:
    text = sent.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0
