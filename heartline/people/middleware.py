"""Which language and time zone a page speaks, and whether its reader may have it at all."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from heartline.common.requests import Request
from heartline.people.models import Person
from heartline.people.permissions import CLOSED, PUBLIC, ROUTES, SIGNED_IN, VISITOR, rights_of
from heartline.people.queries import NOBODY, Scope, needs_first_setup, scope_of
from heartline.ui.responses import json_problem

log = logging.getLogger("heartline.permissions")

Answering = Callable[[Request], HttpResponseBase]


class PreferredLanguage:
    """Speaks the person's language and time zone, or the visitor's: cookie first, then what the browser asks for."""

    def __init__(self, get_response: Answering) -> None:
        self._get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Answer in the reader's language."""
        person = signed_in(request)
        language = person.language if person else translation.get_language_from_request(request)
        zone = ZoneInfo(person.site.time_zone) if person else None
        request.LANGUAGE_CODE = language
        with translation.override(language), timezone.override(zone):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", language)
        if not person:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class PermissionTable:
    """Lets a request through to its page only when the table says so. A page cannot forget to ask: it is not asked."""

    def __init__(self, get_response: Answering) -> None:
        self._get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Answer with the reader's scope at hand."""
        request.scope = SimpleLazyObject(lambda: _scope(request))  # type: ignore[attr-defined]  # see StaffRequest
        return self._get_response(request)

    def process_view(
        self, request: Request, page: Callable[..., Any], arguments: list[Any], named: dict[str, Any]
    ) -> HttpResponse | None:
        """Refuse what the table does not grant to this reader."""
        match = request.resolver_match
        right = ROUTES.get(match.view_name) if match else None
        if right is None:
            return _unlisted(match.view_name if match else "")
        if right in (PUBLIC, VISITOR):
            return None
        person = signed_in(request)
        if right == CLOSED:
            raise Http404
        if person is None:
            return _sign_in_first(request)
        if right != SIGNED_IN and right not in rights_of(person.role):
            raise PermissionDenied
        return None


def signed_in(request: Request) -> Person | None:
    """Return who is signed in and may still be; without a session's cookie or an API key nothing is looked up."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES and not getattr(request, "api_key", None):
        return None
    user = request.user
    return user if isinstance(user, Person) and user.is_active else None


def _scope(request: Request) -> Scope:
    person = signed_in(request)
    return scope_of(person) if person else NOBODY


def _unlisted(name: str) -> HttpResponse:
    log.error("the route %s has no row in the permission table; it is refused", name)
    if settings.DEBUG:
        raise ImproperlyConfigured(f"{name} has no row in heartline.people.permissions.ROUTES")
    raise Http404


def _sign_in_first(request: Request) -> HttpResponse:
    if "/api/" in request.path or request.get_preferred_type(["text/html", "application/json"]) == "application/json":
        detail = _("You are not signed in, or your sign-in has expired")
        return json_problem(401, "not_signed_in", _("Please sign in"), detail, reference=getattr(request, "id", ""))
    if needs_first_setup():
        return redirect("setup:first")
    return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/desk/")
