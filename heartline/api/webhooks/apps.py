"""Webhooks as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Names the room's tables `webhooks_…`."""

    name = "heartline.api.webhooks"
    label = "webhooks"

    def ready(self) -> None:
        """Let rules of alerts watch what is failing."""
        from heartline.api.webhooks.failing import failing
        from heartline.service.alerts.readings import watch_failing

        watch_failing("webhook", failing)
