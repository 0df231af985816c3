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
from heartline.channels.webchat.throttle import Bound, Throttle
from heartline.common import clock
from heartline.common.errors import NotSignedIn, TooMany
from heartline.common.requests import Request
from heartline.customers.models import Customer
from heartline.people.limits import check, source_of

MINUTE = timedelta(minutes=1)
CHEAP = Bound(of_browser=Throttle(limit=60, seconds=30))


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


def visitor(method: str, *, a_minute: int = 0, bound: Bound = CHEAP) -> Callable[[Answering], Answering]:
    """Let a known browser use a view; `a_minute` is how often it may, counted where all processes agree.

    Views without a number are cheap or frequent: they have a bound in memory, where counting costs nothing.
    """

    def decorate(view: Answering) -> Answering:
        @wraps(view)
        def guarded(request: VisitorRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
            customer = customer_of_token(token_of(request))
            if customer is None:
                message = _("This chat is not known here any more. Start a new one")
                raise NotSignedIn(message, code="unknown_visitor")
            request.customer = customer
            _count(view.__name__, request, a_minute, bound)
            return view(request, *arguments, **named)

        return csrf_exempt(require_http_methods([method])(guarded))

    return decorate


def nothing() -> HttpResponse:
    """Return an answer without content."""
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _count(name: str, request: VisitorRequest, a_minute: int, bound: Bound) -> None:
    browser, source = f"{name}:{request.customer.id}", f"{name}:{source_of(request.client_address)}"
    if a_minute:
        at = clock.now()
        check(f"chat-{browser}", a_minute, MINUTE, now=at)
        check(f"chat-{source}", a_minute * 20, MINUTE, now=at)
    elif not bound.allows(browser, source, time.monotonic()):
        raise TooMany(_("Too many tries. Wait a minute, then try again"))
