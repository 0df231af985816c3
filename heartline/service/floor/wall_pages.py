"""The wallboard's page and what its script asks for: nothing that names a customer or a colleague goes out from here."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

import heartline
from heartline.common import clock
from heartline.common.errors import NotFound
from heartline.people.requests import StaffRequest
from heartline.service.floor.wall import Choice, choosable, wall_for
from heartline.ui.responses import json_ok

MOST_CHOSEN = 20


@require_GET
def wall(request: StaffRequest) -> HttpResponse:
    """Show the floor on a wall: `?team=3&queue=7` for some of it, `?theme=light` for bright rooms."""
    choice = _choice(request)
    context = _context(request, choice) | {
        "theme": "light" if request.GET.get("theme") == "light" else "dark",
        "choice": choice.address(),
        "choosable": choosable(request.scope, choice),
        "state": f"{reverse('floor:wall_state')}?{choice.address()}",
        "version": _version(),
        "words": {
            "lost": _("No connection since {time}. Trying again"),
            "signed_out": _("Signed out. Sign in again on this screen"),
        },
    }
    return render(request, "floor/wall.html", context)


@require_GET
def wall_state(request: StaffRequest) -> JsonResponse:
    """Return a wall's figures as they are now, and the version of the house that drew them."""
    context = _context(request, _choice(request))
    html = render_to_string("floor/wall_now.html", context, request)
    return json_ok({"now": context["now"].isoformat(), "version": _version(), "html": html})


def _context(request: StaffRequest, choice: Choice) -> dict[str, Any]:
    now = clock.now()
    return {"now": now, "wall": wall_for(request.scope, choice, now=now)}


def _choice(request: StaffRequest) -> Choice:
    return Choice(_numbers(request, "team"), _numbers(request, "queue"))


def _numbers(request: StaffRequest, name: str) -> tuple[int, ...]:
    """Return the numbers an address names; what is no number names nothing."""
    given = request.GET.getlist(name)[:MOST_CHOSEN]
    if not all(word.isdecimal() and len(word) < 10 for word in given):
        raise NotFound(_("There is no such team, or it is not yours"))
    return tuple(sorted({int(word) for word in given}))


def _version() -> str:
    return f"{heartline.__version__}-{settings.ASSET_MARK}"
