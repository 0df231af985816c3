"""Lets a program in by its key, before anybody asks who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from heartline.api.actions import key_in_use
from heartline.api.problems import problem
from heartline.api.requests import ApiRequest
from heartline.common import clock
from heartline.common.errors import HeartlineError, NotSignedIn
from heartline.people import limits

PREFIX = "/api/"
WRONG_TRIES, PER = 30, timedelta(minutes=1)


class WrongMethod(HeartlineError):
    """The address is right and the method is not."""

    status = 405
    code = "wrong_method"


class BearerKeys:
    """Sets `request.user` and `request.api_key` from `Authorization: Bearer …`, for the API's addresses only.

    A wrong key is refused even beside a good session: who shows one means to use it.
    """

    def __init__(self, get_response: Callable[[ApiRequest], HttpResponseBase]) -> None:
        self._get_response = get_response

    def __call__(self, request: ApiRequest) -> HttpResponseBase:
        """Answer a request, for the person whose key it shows."""
        if not request.path.startswith(PREFIX):
            return self._get_response(request)
        scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            try:
                _let_in(request, secret.strip(), clock.now())
            except HeartlineError as error:
                return problem(request, error)
        return _explained(request, self._get_response(request))


def _let_in(request: ApiRequest, secret: str, now: datetime) -> None:
    key = key_in_use(secret, now=now)
    if key is None:  # 24 random bytes are not guessed: the limit spares the log and the database, not the key
        limits.check(f"api-keys:{limits.source_of(request.client_address)}", WRONG_TRIES, PER, now=now)
        raise NotSignedIn(_("This key is unknown, expired or revoked"), code="key_unknown")
    request.user, request.api_key = key.person, key


def _explained(request: ApiRequest, response: HttpResponseBase) -> HttpResponseBase:
    """Return a refused method as a problem document too, with the methods that would do."""
    if response.status_code != 405 or not isinstance(response, HttpResponse):
        return response
    told = problem(request, WrongMethod(_("This address does not take this method")))
    told.headers["Allow"] = response.headers.get("Allow", "")
    return told
