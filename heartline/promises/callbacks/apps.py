"""The calls as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class CallbacksConfig(AppConfig):
    """Names the room's tables `callbacks_…`."""

    name = "heartline.promises.callbacks"
    label = "callbacks"
