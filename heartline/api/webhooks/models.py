"""Webhooks, their secrets, and what became of each delivery."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.people.models import Person


class WebhookState(models.TextChoices):
    """Whether deliveries go out, and who decided that they do not."""

    ON = "on", _("On")
    OFF = "off", _("Off")
    DISABLED = "disabled", _("Switched off by Heartline")


class Webhook(models.Model):
    """An address that hears of events. It sees what its person may see, of the kinds it asks for (none: every kind).

    `(position_tx, position_id)` is its place in the ledger: what lies before it has become deliveries. A worker
    serves it while it holds the lease; `fence` rises with every claim, so that one who lost it moves nothing.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="webhooks")
    name = models.CharField(max_length=80)
    url = models.CharField(max_length=500)
    kinds = models.JSONField(default=list)
    words = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=WebhookState.choices, default=WebhookState.ON)
    reason = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField()
    position_tx = models.BigIntegerField()
    position_id = models.BigIntegerField()
    lease_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    rest_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state"], name="webhooks_state")]


class WebhookSecret(models.Model):
    """What deliveries are signed with, sealed. A replaced one signs beside the new one until `ends_at`."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="secrets")
    sealed = models.TextField()
    created_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)


class DeliveryState(models.TextChoices):
    """What became of a delivery."""

    PENDING = "pending", _("To be sent")
    DELIVERED = "delivered", _("Delivered")
    FAILED = "failed", _("Given up")
    WITHHELD = "withheld", _("Not sent")


class Delivery(models.Model):
    """One event for one webhook. What is sent is read when it is sent, so that erased words are never sent late."""

    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event_tx = models.BigIntegerField()
    event_id = models.BigIntegerField()
    kind = models.CharField(max_length=80)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING)
    attempts = models.PositiveIntegerField(default=0)
    next_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["next_at"], name="webhooks_due", condition=models.Q(state="pending")),
            models.Index(fields=["webhook", "state", "id"], name="webhooks_log"),
            models.Index(fields=["ended_at"], name="webhooks_ended"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event_tx", "event_id"], name="webhooks_event_once"),
        ]


class Attempt(models.Model):
    """One try to deliver: what was answered, or why there was no answer."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=20, blank=True)
    milliseconds = models.PositiveIntegerField()
    answer = models.CharField(max_length=300, blank=True)
