"""Refusals as problem documents (RFC 9457)."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from ninja.errors import ValidationError

from heartline.common.errors import HeartlineError, Invalid, TooMany
from heartline.ui.responses import json_problem, title_of


def problem(request: HttpRequest, error: HeartlineError) -> JsonResponse:
    """Return a refusal as the caller's program reads it."""
    reference = getattr(request, "id", "")
    response = json_problem(
        error.status, error.code, title_of(error.status), error.message, reference=reference, fields=error.fields
    )
    if isinstance(error, TooMany):
        response.headers["Retry-After"] = str(error.retry_after)
    if error.status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


class Malformed(Invalid):
    """What was sent does not have the documented form; nothing was begun."""


def malformed(error: ValidationError) -> Malformed:
    """Return what is wrong with a request, field by field."""
    fields = {_place(tuple(one["loc"])): _words(one) for one in error.errors}
    message = _("Some fields cannot be used: %(names)s") % {"names": ", ".join(sorted(fields))}
    return Malformed(message, code="malformed", fields=fields)


def _place(loc: tuple[str | int, ...]) -> str:
    """Return the name of a field; the part before it says only whether it came in the body or the address."""
    parts = [str(part) for part in loc if part not in ("body", "query", "path", "header", "sent", "asked")]
    return ".".join(parts) or "body"


def _words(one: dict[str, object]) -> str:
    known = {"missing": _("This is needed"), "extra_forbidden": _("Unknown field")}
    return known.get(str(one["type"])) or str(one["msg"])
