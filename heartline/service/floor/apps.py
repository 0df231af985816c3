"""The floor as Django sees it."""

from __future__ import annotations

from django.apps import AppConfig


class FloorConfig(AppConfig):
    """Names the room's tables `floor_…`."""

    name = "heartline.service.floor"
    label = "floor"
