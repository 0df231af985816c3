"""A route that has no row in the permission table fails the build."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from heartline.people.routes import unlisted


@register("permissions")
def every_route_has_a_row(**_: Any) -> list[CheckMessage]:
    """Name each address that nobody has decided about."""
    return [
        Error(
            f"{route.path} ({route.name}) has no usable row in the permission table",
            hint=f'Add "{route.name}": a right, PUBLIC, VISITOR, SIGNED_IN or CLOSED to heartline/people/permissions.py',
            id="people.E001",
        )
        for route in unlisted()
    ]
