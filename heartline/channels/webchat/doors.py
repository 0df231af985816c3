"""Who may use the chat API: the browser whose token is in the Authorization header, and nobody by a cookie.

Because no cookie is looked at, another site cannot borrow a visitor's rights: these views need no CSRF token and trust no
Origin header.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from heartline.channels.webchat.queries import customer_of_token
from heartline.channels.webchat.throttle import Throttle
from heartline.common.errors import NotSignedIn, TooMany
from heartline.common.requests import Request
from heartline.customers.models import Customer
from heartline.people.limits import check, source_of

MINUTE = timedelta(minutes=1)
_frequent = Throttle(limit=60, seconds=30)


class VisitorRequest(Request):
    """A request of a browser whose token is known."""

    customer: Customer


Answering = Callable[..., HttpResponseBase]


def token_of(request: Request) -> str:
    """Return the bearer token of a request, empty when there is none."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def anybody(method: str) -> Callable[[Answering], Answering]:
    """Let anybody use a view with one HTTP method; the view counts who uses it."""

    def decorate(view: Answering) -> Answering:
        return csrf_exempt(require_http_methods([method])(view))

    return decorate


def visitor(method: str, *, a_minute: int = 0) -> Callable[[Answering], Answering]:
    """Let a known browser use a view; `a_minute` is how often it may, counted where all processes agree.

    Views without a number of their own are cheap; they share a bound in memory.
    """

    def decorate(view: Answering) -> Answering:
        @wraps(view)
        def guarded(request: VisitorRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            customer = customer_of_token(token_of(request))
            if customer is None:
                message = _("This chat is not known here any more. Start a new one")
                raise NotSignedIn(message, code="unknown_visitor")
            request.customer = customer
            _count(view.__name__, request, a_minute)
            return view(request, *arguments, **named)

        return csrf_exempt(require_http_methods([method])(guarded))

    return decorate


def nothing() -> HttpResponse:
    """Return an answer without content."""
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _count(name: str, request: VisitorRequest, a_minute: int) -> None:
    from heartline.common.clock import now

    if a_minute:
        at = now()
        check(f"chat-{name}:{request.customer.id}", a_minute, MINUTE, now=at)
        check(f"chat-{name}:{source_of(request.client_address)}", a_minute * 20, MINUTE, now=at)
    elif not _frequent.allows(f"{name}:{request.customer.id}", time.monotonic()):
        raise TooMany(_("Too many tries. Wait a minute, then try again"))
