"""The chat inside a frame on a brand's own site, and the script that puts it there."""

from __future__ import annotations

import re

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from heartline.channels.webchat import assets
from heartline.channels.webchat.entrance import panel_context
from heartline.common.clock import now
from heartline.common.errors import NotFound
from heartline.common.requests import Request
from heartline.people.models import Brand
from heartline.reception.queries import Hall, brand_with, errand_from, language_for

_ORIGIN = re.compile(r"https?://(\[[0-9a-f:]+\]|[a-z0-9.-]+)(:\d{1,5})?")


@require_safe
def frame(request: Request, brand_key: str) -> HttpResponse:
    """Show the chat alone, for a frame that only the brand's own sites may hold."""
    brand = brand_with(brand_key)
    language = language_for(brand, request.GET.get("language", "").lower())
    origin = request.GET.get("origin", "")
    hall = Hall(brand, language, now(), errand_from(request.GET.dict()))
    with translation.override(language), timezone.override(brand.site.time_zone):
        context = panel_context(hall) | {"brand": brand, "now": hall.now}
        # the frame speaks only to the page that holds it, and only when that is one of the brand's
        context["chat_settings"] |= {"parent": origin if origin in origins_of(brand) else ""}
        context["tokens"] = assets.frame_tokens(language)
        response = render(request, "webchat/frame.html", context)
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    response.frame_ancestors = ["'self'", *origins_of(brand)]  # type: ignore[attr-defined]  # read by SecurityHeaders
    return response


@require_safe
def widget(request: Request) -> HttpResponse:
    """Hand out the script that a brand's site loads; any site may load it, the frame decides who may show it."""
    response = _asset(request, assets.widget_script(), "text/javascript")
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@require_safe
def asset(request: Request, name: str) -> HttpResponse:
    """Hand out a script or a style of the chat."""
    if name not in (*assets.NAMES, *assets.WHEN_NEEDED):
        raise NotFound(_("There is nothing at this address"))
    return _asset(request, assets.asset(name), "text/css" if name.endswith(".css") else "text/javascript")


def origins_of(brand: Brand) -> list[str]:
    """Return the origins where a brand's chat may stand; anything else that was written there is left out."""
    return [origin for origin in brand.allowed_origins if isinstance(origin, str) and _ORIGIN.fullmatch(origin)]


def _asset(request: Request, text: str, media_type: str) -> HttpResponse:
    takes_gzip = "gzip" in request.headers.get("Accept-Encoding", "")
    content = assets.packed(text) if takes_gzip else text.encode()
    response = HttpResponse(content, content_type=f"{media_type}; charset=utf-8")
    if takes_gzip:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = "public, max-age=600"
    patch_vary_headers(response, ["Accept-Encoding"])
    return response
