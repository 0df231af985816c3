"""Replies that are files: named, told apart from pages, and kept by nobody on the way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

CSV = "text/csv; charset=utf-8"
Response = TypeVar("Response", bound=HttpResponseBase)


def file_reply(body: str | bytes, name: str, media_type: str = CSV) -> HttpResponse:
    """Return a file as a reply that a browser keeps under a name; a spreadsheet, unless it is said otherwise."""
    return _as_file(HttpResponse(body, content_type=media_type), name)


def streamed_file(lines: Iterable[str | bytes], name: str, media_type: str = CSV) -> StreamingHttpResponse:
    """Return a file that is written while it is read."""
    return _as_file(StreamingHttpResponse(lines, content_type=media_type), name)


def _as_file(response: Response, name: str) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response
