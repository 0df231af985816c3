"""Offers as leases in the database, and the lease that elects one dispatcher."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heartline.conversations.models import Contact
from heartline.people.models import Person


class OfferState(models.TextChoices):
    """How an offer ended, or that it has not."""

    PENDING = "pending", pgettext_lazy("offer", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("offer", "Accepted")
    DECLINED = "declined", pgettext_lazy("offer", "Declined")
    EXPIRED = "expired", pgettext_lazy("offer", "Not answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Withdrawn")


DECLINE_REASONS = (
    ("busy", _("In the middle of something")),
    ("not_my_skill", _("Not something I know")),
    ("knows_customer", _("I know this customer privately")),
    ("other", _("Another reason")),
)


class Offer(models.Model):
    """A contact shown to one person to accept, until it expires. At most one is pending per contact.

    `reasons` says why to them, as pairs of code and values that `heartline.routing.words` turns into sentences.
    `end_reason` says why it was declined or withdrawn.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="offers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="offers")
    state = models.CharField(max_length=10, choices=OfferState.choices, default=OfferState.PENDING)
    reasons = models.JSONField(default=list)
    end_reason = models.CharField(max_length=20, blank=True)
    offered_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    fence = models.PositiveBigIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["state", "expires_at"], name="offers_due"),
            models.Index(fields=["person", "state"], name="offers_by_person"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contact"], condition=models.Q(state="pending"), name="offers_one_pending")
        ]


class DispatcherLease(models.Model):
    """Who dispatches now. `fence` grows with every change of holder; an older holder's offers are refused."""

    name = models.CharField(max_length=20, primary_key=True)
    holder = models.CharField(max_length=80)
    fence = models.PositiveBigIntegerField(default=0)
    expires_at = models.DateTimeField()
