"""The quality room as Django sees it."""

from django.apps import AppConfig


class QualityConfig(AppConfig):
    """Names the room's tables `quality_…`."""

    name = "heartline.improvement.quality"
    label = "quality"
