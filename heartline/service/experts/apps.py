"""Experts' pages as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class ExpertsConfig(AppConfig):
    """The pages have no tables of their own: those are in `heartline.conversations.consultations`."""

    name = "heartline.service.experts"
    label = "experts"
