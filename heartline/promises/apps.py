"""Sets up the folder when Django starts."""

from __future__ import annotations

from django.apps import AppConfig


class PromisesConfig(AppConfig):
    """What we owe."""

    name = "heartline.promises"

    def ready(self) -> None:
        """Tell the router which customers we are late with."""
        from heartline.promises.queries import is_kept_waiting
        from heartline.routing.needs import declare

        declare("broken_promise", is_kept_waiting)
