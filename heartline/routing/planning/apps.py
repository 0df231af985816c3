"""The plan's pages as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class PlanningConfig(AppConfig):
    """Pages and words of the routing plan; its tables are routing's."""

    name = "heartline.routing.planning"
    label = "planning"
