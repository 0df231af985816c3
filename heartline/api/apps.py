"""Sets up the folder when Django starts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What programs use."""

    name = "heartline.api"

    def ready(self) -> None:
        """Let kept replies forget with the house: for two days they hold what programs were told of customers."""
        from heartline.customers.neighbours import NEIGHBOURS

        NEIGHBOURS.before_erasure.append(_empty_kept_replies)


def _empty_kept_replies(_customer: Any, _now: datetime) -> None:
    """Empty every reply that is kept for retries, and what webhooks were answered: which told of somebody cannot be known.

    A retry still changes nothing; it gets its status without the words. An address may have answered with what it was sent.
    """
    from heartline.api.models import KeptReply
    from heartline.api.webhooks.models import Attempt

    KeptReply.objects.exclude(body="").update(body="", is_sealed=False)
    Attempt.objects.exclude(answer="").update(answer="")
