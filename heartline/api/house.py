"""The API, put together from every room's routers, and its OpenAPI document."""

from __future__ import annotations

from typing import Any, NoReturn

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser

import heartline
from heartline.api.gate import gate
from heartline.api.problems import Malformed, malformed
from heartline.common.errors import HeartlineError, NotFound
from heartline.ui.responses import read_json

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "A refusal (RFC 9457). `code` is for programs, `detail` for people, `reference` for our log.",
    "required": ["type", "title", "status", "code", "detail", "reference"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "detail": {"type": "string"},
        "reference": {"type": "string"},
        "fields": {"type": "object", "additionalProperties": {"type": "string"}},
    },
}
SECURITY = {
    "key": {"type": "http", "scheme": "bearer", "description": "A key made at /account/keys/."},
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "heartline_session",
        "description": "A signed-in browser. Changes also need the X-CSRFToken header.",
    },
}


class StrictParser(Parser):
    """Takes JSON objects of a sensible size that a database can store, and says what is wrong with others."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        """Return the object that was sent."""
        return read_json(request)


class HouseAPI(NinjaAPI):
    """One API whose operations are known by their function's name, in addresses, permissions and documents alike."""

    _document: OpenAPISchema | None = None

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Return the name an operation has everywhere."""
        return operation.view_func.__name__

    def get_openapi_schema(self, **options: Any) -> OpenAPISchema:
        """Return the OpenAPI document; it is the same for everybody, so it is made once."""
        if self._document is None:
            document = super().get_openapi_schema(**options)
            document["components"]["schemas"]["Problem"] = PROBLEM
            document["components"]["securitySchemes"] = SECURITY
            document["security"] = [{name: []} for name in SECURITY]
            self._document = document
        return self._document


def compose(routers: list[Router]) -> HouseAPI:
    """Return the API of some routers, each operation behind the gate."""
    house = HouseAPI(
        title="Heartline",
        version=heartline.__version__,
        description=(
            "Whatever a page can do: customers, cases, contacts, writing, the desk and the floor, follow-ups, quality, "
            "figures, events and set-up. "
            "Lists are paged by cursor. Every POST takes an Idempotency-Key. Errors are problem documents."
        ),
        urls_namespace="api",
        docs_url=None,
        parser=StrictParser(),
    )
    house.add_decorator(gate, mode="view")
    for kind in (Exception, Http404, HttpError, ValidationError):
        house.add_exception_handler(kind, _raise_ours)
    for router in routers:
        house.add_router("", router)
    return house


def _raise_ours(request: HttpRequest, error: Any) -> NoReturn:
    """Raise what the gate tells (the caller's to mend), or let a fault of ours go on to Django."""
    if isinstance(error, ValidationError):
        raise malformed(error)
    if isinstance(error, Http404):
        raise NotFound(_("There is nothing at this address"))
    if isinstance(error, HttpError):
        raise _unreadable(error)
    raise error


def _unreadable(error: HttpError) -> HeartlineError:
    """Return why a body could not be read; the parser has said it where it knew."""
    cause = error.__cause__
    if not isinstance(cause, HeartlineError):
        return Malformed(_("Part of what was sent could not be read. Nothing was changed"), code="not_json")
    return Malformed(cause.message, code=cause.code, fields=cause.fields) if cause.status == 422 else cause
