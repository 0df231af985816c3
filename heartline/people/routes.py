"""Every address of the house, by the name under which the permission table knows it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from django.urls import URLPattern, URLResolver, get_resolver

from heartline.people.permissions import CLOSED, PUBLIC, ROLES_WITH, ROUTES, SIGNED_IN, VISITOR

RIGHTS = frozenset({PUBLIC, VISITOR, SIGNED_IN, CLOSED, *ROLES_WITH})


class Route(NamedTuple):
    """An address: its name as `request.resolver_match.view_name` gives it, and its path as written."""

    name: str
    path: str


def routes() -> Iterator[Route]:
    """Yield every address that the house answers."""
    yield from _routes(get_resolver().url_patterns, (), "/")


def unlisted() -> list[Route]:
    """Return the addresses that have no row in the permission table, or a row with an unknown right."""
    return [route for route in routes() if ROUTES.get(route.name) not in RIGHTS]


def _routes(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...], path: str) -> Iterator[Route]:
    for pattern in patterns:
        here = path + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inside = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _routes(pattern.url_patterns, inside, here)
        else:
            yield Route(":".join((*spaces, pattern.name or pattern.lookup_str)), here)
