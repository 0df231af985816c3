"""What every operation of the API passes before it is run: who asks, how often, by which right, with what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from ninja.operation import Operation
from ninja.utils import check_csrf

from heartline.api.budget import BUDGET, Left, spent
from heartline.api.once import HEADER, each_time, once
from heartline.api.problems import Malformed, problem
from heartline.api.requests import ApiRequest
from heartline.common import clock
from heartline.common.errors import HeartlineError, NotSignedIn
from heartline.people.middleware import signed_in
from heartline.people.permissions import ROUTES, SIGNED_IN
from heartline.people.queries import scope_of

Run = Callable[..., HttpResponseBase]
SAFE = ("GET", "HEAD", "OPTIONS")
# What may be answered besides success, whatever the operation.
REFUSALS = {
    400: "What was sent cannot be read at all.",
    401: "Nobody is signed in, or the key is unknown, expired or revoked.",
    403: "The person's role, or the key, has no right to this.",
    404: "There is no such thing for this caller: existence is not revealed.",
    422: "What was sent cannot be used; `fields` says where.",
    429: "Too many requests; `Retry-After` says in how many seconds to come back.",
}
REFUSALS_OF_CHANGES = {
    409: "The thing changed since it was looked at.",
    413: "More was sent than is taken.",
}


def gate(run: Run) -> Run:
    """Return an operation's `run` behind the gate."""
    operation: Operation = cast("Any", run).__self__
    right = right_of(operation)
    _document(operation)

    @wraps(run)
    def guarded(request: HttpRequest, **parts: Any) -> HttpResponseBase:
        try:
            response = _enter(cast("ApiRequest", request), operation, right, lambda: run(request, **parts))
        except HeartlineError as error:
            response = problem(request, error)
        for name, value in _budget_of(request).items():
            response.headers[name] = value
        return response

    return guarded


def right_of(operation: Operation) -> str:
    """Return the right an operation asks for, from the one permission table; none is a fault of ours."""
    return ROUTES[f"api:{operation.view_func.__name__}"]


def query_names(operation: Operation) -> frozenset[str]:
    """Return the names of an operation's query parameters."""
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    return frozenset(name for model in models for name in getattr(model, "__ninja_flatten_map__", {}))


def _enter(request: ApiRequest, operation: Operation, right: str, run: Run) -> HttpResponseBase:
    request.now = clock.now()
    refused = _know_caller(request)
    if refused:
        return refused
    if right != SIGNED_IN:
        request.scope.require(right)
    _check_query(request, query_names(operation))
    prepare = getattr(operation.view_func, "prepare", None)
    if getattr(operation.view_func, "keeps_no_reply", False):
        return each_time(request, run)
    if prepare is None:
        return once(request, run) if request.method == "POST" else run()
    request.prepared = prepared = prepare(request)
    try:
        return once(request, run)
    finally:
        prepared.drop()  # what was kept has moved away by now


def _know_caller(request: ApiRequest) -> HttpResponseBase | None:
    """Set whose rights count; a session also has to show that a page of ours sent what changes something."""
    person = signed_in(request)
    if person is None:
        raise NotSignedIn(_("You are not signed in, or your sign-in has expired"))
    key = request.api_key = getattr(request, "api_key", None)
    request.budget = spent(request.now)
    request.budget = BUDGET.check(f"api:key:{key.id}" if key else f"api:person:{person.id}", now=request.now)
    scope = scope_of(person)
    request.scope = replace(scope, rights=scope.rights & frozenset(key.rights)) if key else scope
    if key or request.method in SAFE:
        return None
    refusal: HttpResponseBase | None = check_csrf(request, lambda _request: None)
    return refusal


def _budget_of(request: HttpRequest) -> dict[str, str]:
    """Return what is left of this minute as headers; nobody has a budget who is not known."""
    left: Left | None = getattr(request, "budget", None)
    return left.headers() if left else {}


def _check_query(request: ApiRequest, allowed: frozenset[str]) -> None:
    """Refuse parameters that are unknown, repeated, or hold what no database stores."""
    wrong = {name: _("Unknown field") for name in request.GET.keys() - allowed}
    wrong |= {name: _("This was given more than once") for name, values in request.GET.lists() if len(values) > 1}
    wrong |= {name: _("This has the wrong form") for name, value in request.GET.items() if not _storable(str(value))}
    if wrong:
        names = ", ".join(sorted(wrong))
        raise Malformed(_("Some fields cannot be used: %(names)s") % {"names": names}, code="malformed", fields=wrong)


def _storable(text: str) -> bool:
    return "\x00" not in text and all(not 0xD800 <= ord(character) <= 0xDFFF for character in text)


def _document(operation: Operation) -> None:
    """Write into the OpenAPI document what the gate adds: refusals, and the key of a safe retry."""
    changes = operation.methods != ["GET"]
    refusals = REFUSALS | (REFUSALS_OF_CHANGES if changes else {})
    document = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    extra: dict[str, Any] = {
        "responses": {status: {"description": words, "content": document} for status, words in sorted(refusals.items())}
    }
    right = right_of(operation)
    extra["x-right"] = right
    if operation.methods == ["POST"]:
        extra["parameters"] = [KEY_PARAMETER]
    own = operation.openapi_extra or {}
    extra["responses"] |= own.get("responses", {})
    operation.openapi_extra = extra


KEY_PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": True,
    "description": "A new one for each change, the same for its retries: the first reply is kept for 24 hours or more.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
}
