"""Sets up the folder when Django starts."""

from datetime import datetime
from typing import Any

from django.apps import AppConfig

from heartline.common.actors import Actor


class ConversationsConfig(AppConfig):
    """What is said."""

    name = "heartline.conversations"

    def ready(self) -> None:
        """Answer the customers' room; plant contact reasons at the first set-up: wrap-up asks for one."""
        from heartline.conversations.customers import register
        from heartline.people.setup_actions.first import first_run_done

        register()
        first_run_done.connect(_plant_reasons, dispatch_uid="conversations.plant_reasons")


def _plant_reasons(*, by: Actor, now: datetime, **_: Any) -> None:
    from heartline.conversations.actions.reasons import plant_usual

    plant_usual(by=by, now=now)
