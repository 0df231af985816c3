"""What comes before the first page: the database made ready by a second process while this one loads the pages."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from django.conf import settings
from django.db import connections
from django.template.loader import get_template
from django.urls import get_resolver

from heartline.config.processes.parent import Parent
from heartline.config.startup import prepare

FIRST_PAGES = ("reception/contact.html", "account/login.html")


def open_house(parent: Parent) -> None:
    """Prepare the database and load the pages, side by side where a process can be forked safely.

    Each takes about a second of a processor, and neither needs what the other makes. What the preparation raises,
    this raises: `CannotStart`, or whatever went wrong.
    """
    if sys.platform != "linux":  # elsewhere system libraries may not outlive a fork
        prepare(parent.step)
        load_pages()
        return
    with ProcessPoolExecutor(1, get_context("fork"), initializer=parent.die_with) as other:
        prepared = other.submit(_prepare, parent.step)
        load_pages()
        prepared.result()


def load_pages() -> None:
    """Load what answers the first visitors; nothing here asks the database."""
    from heartline.config.assets import fingerprint

    settings.ASSET_MARK = "" if settings.DEBUG else fingerprint()
    from heartline.config import live, wsgi  # noqa: F401  # they stay loaded

    _ = get_resolver().url_patterns
    for name in FIRST_PAGES:
        get_template(name)


def _prepare(step: Callable[[str], None]) -> None:
    try:
        prepare(step)
    finally:
        connections.close_all()
