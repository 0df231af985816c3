"""Articles as Django sees them."""

from __future__ import annotations

from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    """Names the room's tables `articles_…`."""

    name = "heartline.knowledge.articles"
    label = "articles"
