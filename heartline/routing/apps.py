"""Sets up the folder when Django starts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import AppConfig

from heartline.common.actors import Actor


class RoutingConfig(AppConfig):
    """Who should take a contact."""

    name = "heartline.routing"

    def ready(self) -> None:
        """Put back what is in the hands of whoever may not serve any more."""
        from heartline.people.setup_actions.persons import stopped_serving

        stopped_serving.connect(_empty_hands, dispatch_uid="routing.empty_hands")


def _empty_hands(*, person: Any, by: Actor, now: datetime, **_: Any) -> int:
    from heartline.routing.actions import empty_hands

    return empty_hands(person, by=by, now=now)
