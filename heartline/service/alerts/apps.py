"""Alerts as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Names the room's tables `alerts_…`."""

    name = "heartline.service.alerts"
    label = "alerts"

    def ready(self) -> None:
        """Hear how the nightly check of the figures went."""
        from heartline.insight.checks import hear_checks
        from heartline.service.alerts.actions import hear_check

        hear_checks("alerts", hear_check)
