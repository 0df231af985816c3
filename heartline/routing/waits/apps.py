"""The waits as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class WaitsConfig(AppConfig):
    """Names the room's tables `waits_…`."""

    name = "heartline.routing.waits"
    label = "waits"
