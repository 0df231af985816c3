"""The API's room."""

from __future__ import annotations

import importlib
import importlib.util

from django.apps import AppConfig, apps


class ApiConfig(AppConfig):
    """Makes every kind of event known in every process: programs choose among them, also where nobody acts."""

    name = "heartline.api"

    def ready(self) -> None:
        """Read the events of all rooms."""
        for config in apps.get_app_configs():
            name = f"{config.name}.events"
            if config.name.startswith("heartline.") and importlib.util.find_spec(name):
                importlib.import_module(name)
