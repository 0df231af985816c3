"""Reading webhooks and their logs. Who may do so has the right to change the set-up."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from heartline.api.webhooks.models import Attempt, Delivery, DeliveryState, Webhook
from heartline.common.errors import NotFound
from heartline.people.queries import Scope


def webhooks_for(scope: Scope) -> QuerySet[Webhook]:
    """Return the webhooks a reader may see, with how much waits for each."""
    scope.require("setup.manage")
    waiting = Count("deliveries", filter=Q(deliveries__state=DeliveryState.PENDING))
    return Webhook.objects.select_related("person").annotate(waiting=waiting)


def webhook_for(scope: Scope, webhook_id: int) -> Webhook:
    """Return one webhook, or raise NotFound."""
    found = webhooks_for(scope).filter(id=webhook_id).first()
    if found is None:
        raise NotFound(_("There is no such webhook"))
    return found


def deliveries_of(webhook: Webhook, state: str = "") -> QuerySet[Delivery]:
    """Return a webhook's log with every try, for a reader who may see the webhook."""
    tries = Prefetch("tries", Attempt.objects.order_by("id"), to_attr="log")
    rows = webhook.deliveries.prefetch_related(tries)
    return rows.filter(state=state) if state else rows


def delivery_of(webhook: Webhook, delivery_id: int) -> Delivery:
    """Return one delivery of a webhook, or raise NotFound."""
    found = deliveries_of(webhook).select_related("webhook").filter(id=delivery_id).first()
    if found is None:
        raise NotFound(_("There is no such delivery, or it is so old that it was forgotten"))
    return found
