"""The search room as Django sees it."""

from django.apps import AppConfig


class SearchConfig(AppConfig):
    """Names the room's tables `search_…`."""

    name = "heartline.knowledge.search"
    label = "search"

    def ready(self) -> None:
        """Forget what is erased."""
        from heartline.knowledge.search.forgetting import register

        register()
