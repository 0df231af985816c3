"""Sets up the folder when Django starts."""

from __future__ import annotations

import importlib
from pathlib import Path

from django.apps import AppConfig, apps


class LedgerConfig(AppConfig):
    """The one record of events."""

    name = "heartline.ledger"

    def ready(self) -> None:
        """Read the events of all rooms: every process knows every kind, also where nobody acts."""
        for config in apps.get_app_configs():
            if config.name.startswith("heartline."):
                for file in sorted(Path(config.path).glob("*events.py")):
                    importlib.import_module(f"{config.name}.{file.stem}")
