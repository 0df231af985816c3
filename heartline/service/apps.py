"""Sets up the folder when Django starts."""

from __future__ import annotations

from django.apps import AppConfig


class ServiceConfig(AppConfig):
    """The desk and the floor."""

    name = "heartline.service"

    def ready(self) -> None:
        """Show a customer's history on their page."""
        from heartline.service.story.customer_page import register

        register()
