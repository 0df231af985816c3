"""JSON in and out, the same way in every room."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NoReturn

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from heartline.common.errors import Invalid, TooLarge

BODY_LIMIT = 256 * 1024


def json_ok(data: Mapping[str, Any] | None = None, status: int = 200) -> JsonResponse:
    """Return a JSON answer that nobody on the way may keep."""
    response = JsonResponse(dict(data or {}), status=status, json_dumps_params={"ensure_ascii": False})
    response.headers["Cache-Control"] = "no-store"
    return response


def json_problem(
    status: int, code: str, title: Any, detail: Any, *, reference: str = "", fields: Mapping[str, Any] | None = None
) -> JsonResponse:
    """Return a problem document (RFC 9457) that nobody on the way may keep."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": str(title),
        "status": status,
        "code": code,
        "detail": str(detail),
        "reference": reference,
    }
    if fields:
        body["fields"] = {name: str(text) for name, text in fields.items()}
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    response.headers["Cache-Control"] = "no-store"
    return response


def title_of(status: int) -> str:
    """Return the title of a refusal: the same for every one of its status."""
    titles = {
        400: _("That could not be read"),
        401: _("Please sign in"),
        403: _("Not open to you"),
        404: _("Nothing here"),
        409: _("Somebody was faster"),
        413: _("Too large"),
        422: _("Something is missing"),
        429: _("Too many at once"),
        500: _("Our mistake"),
    }
    return titles.get(status, _("That did not work"))


def read_json(request: HttpRequest, **allowed: type | tuple[type, ...]) -> dict[str, Any]:
    """Return the JSON object that was sent, or raise Invalid or TooLarge.

    With `allowed` (`text=str, upto=int`), a field of another name or type is refused; a missing one is not.
    """
    if request.content_type != "application/json":
        raise Invalid(_("Send this as application/json"), code="not_json")
    if int(request.META.get("CONTENT_LENGTH") or 0) > BODY_LIMIT or len(request.body) > BODY_LIMIT:
        raise TooLarge(_("This is longer than we take. Nothing was saved"))
    data = _parsed(request.body)
    if allowed:
        _check(data, allowed)
    return data


def _parsed(body: bytes) -> dict[str, Any]:
    try:
        data = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
        _check_storable(data)
    except (ValueError, RecursionError):
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"), code="not_json") from None
    if not isinstance(data, dict):
        raise Invalid(_("Part of what was sent could not be read. Nothing was changed"), code="not_json")
    return data


def _check_storable(value: Any) -> None:
    """Escapes can smuggle in NUL and halves of characters, which no database stores."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("NUL")
        value.encode("utf-8")
    elif isinstance(value, dict):
        for name, inner in value.items():
            _check_storable(name)
            _check_storable(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_storable(inner)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _check(data: dict[str, Any], allowed: Mapping[str, type | tuple[type, ...]]) -> None:
    wrong = {name: _("Unknown field") for name in data.keys() - allowed.keys()}
    wrong |= {
        name: _("This has the wrong form")
        for name, kind in allowed.items()
        if name in data and not _is(data[name], kind)
    }
    if wrong:
        raise Invalid(_("Some fields cannot be used: %(names)s") % {"names": ", ".join(sorted(wrong))}, fields=wrong)


def _is(value: Any, kind: type | tuple[type, ...]) -> bool:
    """JSON's true is not a number, although Python's is."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return isinstance(value, kinds) and (not isinstance(value, bool) or bool in kinds)
