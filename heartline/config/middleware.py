"""What every request passes through: who it comes from, what its answer must carry, how refusals are told."""

from __future__ import annotations

import ipaddress
import logging
import secrets
import time
from collections.abc import Callable, Iterable
from functools import cache

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase

from heartline.common.errors import HeartlineError, TooMany
from heartline.common.requests import Request
from heartline.ledger.actions import cause_of_this_work

log = logging.getLogger("heartline.requests")

Answering = Callable[[Request], HttpResponseBase]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
SLOW = 1.0
FORWARDING = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_FORWARDED",
    "HTTP_REMOTE_USER",
)


class RequestIdentity:
    """Gives each request an id of our own making and the address it truly comes from.

    Forwarding headers are removed unless the connection comes from a trusted proxy: whatever is left may be
    believed by everything behind this point.
    """

    def __init__(self, get_response: Answering) -> None:
        self._get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Answer a request that now has an id and a true address."""
        request.id = secrets.token_hex(8)
        request.client_address = settle_address(request)
        token = cause_of_this_work.set(f"request:{request.id}")
        started = time.perf_counter()
        try:
            response = self._get_response(request)
        finally:
            cause_of_this_work.reset(token)
        response.headers["X-Request-Id"] = request.id
        _note(request, response, time.perf_counter() - started)
        return response


def settle_address(request: Request) -> str:
    """Return the client's address, and drop the forwarding headers that nobody trusted has written."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if not _trusted(peer):
        for name in FORWARDING:
            request.META.pop(name, None)
        return peer
    request.META.pop("HTTP_REMOTE_USER", None)
    return forwarded_for(request.META.get("HTTP_X_FORWARDED_FOR", ""), peer)


def forwarded_for(header: str, peer: str) -> str:
    """Return the last address in the chain that is not one of our own proxies.

    Addresses further left were written by the client and may say anything.
    """
    for candidate in reversed([part.strip() for part in header.split(",") if part.strip()]):
        if _address(candidate) is None:
            return peer
        peer = candidate
        if not _trusted(candidate):
            break
    return peer


def _trusted(text: str) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in _networks(tuple(settings.TRUSTED_PROXIES)))


@cache
def _networks(texts: tuple[str, ...]) -> list[Network]:
    return [ipaddress.ip_network(text, strict=False) for text in texts]


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def _note(request: Request, response: HttpResponseBase, seconds: float) -> None:
    """Log what went wrong or took long, by route: paths may hold tokens, queries may hold anything."""
    if response.status_code < 500 and seconds < SLOW:
        return
    match = request.resolver_match
    route = f"/{match.route}" if match else "(no route)"
    level = logging.ERROR if response.status_code >= 500 else logging.INFO
    log.log(level, "%s %s %s in %.2f s, request %s", request.method, route, response.status_code, seconds, request.id)


class SecurityHeaders:
    """Tells browsers to run nothing but our own scripts, to frame nothing, and to keep nothing private in caches."""

    def __init__(self, get_response: Answering) -> None:
        self._get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Answer a request, and give its answer the headers."""
        request.csp_nonce = secrets.token_urlsafe(16)
        response = self._get_response(request)
        framers = getattr(response, "frame_ancestors", None)
        response.headers.setdefault("Content-Security-Policy", content_policy(request.csp_nonce, framers))
        if framers is not None:
            response.headers.pop("X-Frame-Options", None)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", _who_may_embed(request))
        if _is_private(request, response):
            response.headers["Cache-Control"] = "no-store"
        return response


PERMISSIONS = (
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
)


def content_policy(nonce: str, framers: Iterable[str] | None = None) -> str:
    """Return the Content-Security-Policy of a page; `framers` are the origins that may show it in a frame."""
    ancestors = "'none'" if framers is None else " ".join(framers) or "'none'"
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' 'nonce-{nonce}'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            f"frame-ancestors {ancestors}",
        ]
    )


def _who_may_embed(request: Request) -> str:
    # the chat widget's script is loaded by the brands' own sites
    return "cross-origin" if request.path.startswith(settings.STATIC_URL) else "same-origin"


def _is_private(request: Request, response: HttpResponseBase) -> bool:
    """Return whether an answer was made for one person: a session or a visitor's token was looked at."""
    if response.has_header("Cache-Control"):
        return False
    session = getattr(request, "session", None)
    return bool(session is not None and session.accessed) or request.method != "GET" or bool(response.cookies)


class Refusals:
    """Turns an error that is the caller's to mend into an answer, for people or for programs."""

    def __init__(self, get_response: Answering) -> None:
        self._get_response = get_response

    def __call__(self, request: Request) -> HttpResponseBase:
        """Answer a request; refusals arrive at `process_exception`."""
        return self._get_response(request)

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        """Answer a HeartlineError; anything else is a fault of ours and goes on its way."""
        from heartline.config.errors import answer

        if not isinstance(error, HeartlineError):
            return None
        response = answer(request, error.status, error.code, error.message, error.fields)
        if isinstance(error, TooMany):
            response.headers["Retry-After"] = str(error.retry_after)
        return response
