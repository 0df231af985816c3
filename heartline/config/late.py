"""Addresses whose code is loaded behind the first visitor, not before."""

from __future__ import annotations

import logging
import threading
from importlib import import_module

from django.urls import URLResolver
from django.urls.resolvers import RoutePattern

log = logging.getLogger("heartline.web")
LATE = "heartline.api.urls"


class LateResolver(URLResolver):
    """Loads its part when an address of it is asked for, or looked up in its namespace; not when others are."""

    def _populate(self) -> None:
        """Name nothing to the resolver above, which would load everything: a namespace is looked up in itself."""


def late(route: str, module: str, namespace: str) -> LateResolver:
    """Return what `path(route, include(module))` does, for a module that has this namespace as its `app_name`."""
    return LateResolver(RoutePattern(route, is_endpoint=False), module, app_name=namespace, namespace=namespace)


def load_late() -> None:
    """Load, beside the first requests, what was left for later: a quarter of the way to the first page."""
    threading.Thread(target=_load, name="late addresses", daemon=True).start()


def _load() -> None:
    try:
        import_module(LATE)
    except Exception:  # whoever asks for it hears it again, and in full
        log.exception("%s cannot be loaded", LATE)
