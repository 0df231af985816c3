"""Experts on demand as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class ConsultationsConfig(AppConfig):
    """Names the room's tables `consultations_…`."""

    name = "heartline.conversations.consultations"
    label = "consultations"
