"""Answers to what cannot be done: a page for people, a problem document (RFC 9457) for programs.

Nothing of the request or of the fault is repeated in them, only a reference that the log can be searched for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from heartline.common.requests import Request
from heartline.people.context import default_brand
from heartline.people.middleware import signed_in
from heartline.ui.responses import json_problem, title_of

FOR_CUSTOMERS = "ui/public.html"
FOR_PROGRAMS = ("/api/", "/chat/api/", "/desk/api/", "/floor/api/", "/live")


def answer(
    request: HttpRequest, status: int, code: str, message: Any, fields: Mapping[str, Any] | None = None
) -> HttpResponse:
    """Return a refusal in the form that the caller reads."""
    if wants_json(request):
        return json_problem(status, code, title_of(status), message, reference=reference(request), fields=fields)
    layout = _layout(request, status)
    context = {
        "layout": layout,
        "brand": default_brand() if layout == FOR_CUSTOMERS else None,  # with its phone number in sight
        "title": title_of(status),
        "message": message,
        "fields": fields or {},
        "reference": reference(request),
        "links": _ways_on(request, status),
    }
    return render(request, "ui/error.html", context, status=status)


def wants_json(request: HttpRequest) -> bool:
    """Return whether the caller is a program."""
    return request.path.startswith(FOR_PROGRAMS) or request.get_preferred_type(["text/html", "application/json"]) == (
        "application/json"
    )


def reference(request: HttpRequest) -> str:
    """Return the id under which the log knows this request."""
    return getattr(request, "id", "")


def bad_request(request: Request, exception: Exception) -> HttpResponse:
    """Answer a request that makes no sense."""
    return answer(request, 400, "bad_request", _("Part of what was sent could not be read. Nothing was changed"))


def not_allowed(request: Request, exception: Exception) -> HttpResponse:
    """Answer somebody who has no right to this page."""
    return answer(request, 403, "not_allowed", _("Your role does not open this page. Your supervisor can help"))


def not_found(request: Request, exception: Exception) -> HttpResponse:
    """Answer an address that leads nowhere."""
    return answer(request, 404, "not_found", _("That page has gone, or it is not yours to see"))


def server_error(request: Request) -> HttpResponse:
    """Answer after a fault of ours; must work even when the database and the templates do not."""
    message = _(
        "Something broke on our side and has been noted. Nothing you sent before is lost. Try again in a moment"
    )
    try:
        return answer(request, 500, "fault", message)
    except Exception:  # the page itself needs what is broken
        text = f"{message} ({reference(request)})"
        return HttpResponse(text, status=500, content_type="text/plain; charset=utf-8")


def csrf_failure(request: Request, reason: str = "") -> HttpResponse:
    """Answer a form that did not come from a page of ours, or whose page is too old."""
    return answer(
        request,
        403,
        "stale_page",
        _("This page was open too long, or cookies are off. Nothing was changed. Open it again and send once more"),
    )


def _layout(request: HttpRequest, status: int) -> str:
    """Return the frame of the page. After a fault of ours the plainest one: it looks nothing up."""
    if status >= 500:
        return "ui/entrance.html"
    return "ui/staff.html" if signed_in(cast("Request", request)) else FOR_CUSTOMERS


def _ways_on(request: HttpRequest, status: int) -> list[tuple[str, str]]:
    """Return where to go from here; a person is always one of the ways."""
    to_us = (_("Talk to us"), "/")
    if status >= 500:
        return [to_us]
    if signed_in(cast("Request", request)):
        return [(_("Desk"), "/desk/"), to_us]
    return [(_("Sign in"), "/account/login/"), to_us] if status in (401, 403) else [to_us]
