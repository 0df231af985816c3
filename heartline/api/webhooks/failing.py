"""Which webhooks are failing, and since when: for rules of alerts."""

from __future__ import annotations

from heartline.api.webhooks.models import Webhook, WebhookState
from heartline.service.alerts.readings import Failing


def failing() -> list[Failing]:
    """Return the webhooks that nothing could be delivered to for a while, those included that were switched off for it."""
    found = Webhook.objects.exclude(state=WebhookState.OFF).filter(failing_since__isnull=False)
    return [Failing(row.id, row.name, row.failing_since) for row in found if row.failing_since]
