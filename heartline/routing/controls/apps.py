"""The controls as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class ControlsConfig(AppConfig):
    """Names the room's tables `controls_…`."""

    name = "heartline.routing.controls"
    label = "controls"
