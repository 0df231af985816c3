"""Alerts as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Names the room's tables `alerts_…`."""

    name = "heartline.service.alerts"
    label = "alerts"
