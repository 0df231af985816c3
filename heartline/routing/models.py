"""Offers as leases in the database, and the lease that elects one dispatcher."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from heartline.conversations.models import Contact
from heartline.people.models import Person, Queue


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


class PlanState(models.TextChoices):
    """States of a version of the routing plan."""

    DRAFT = "draft", pgettext_lazy("plan", "Draft")
    PUBLISHED = "published", pgettext_lazy("plan", "In use")
    RETIRED = "retired", pgettext_lazy("plan", "No longer in use")


class PlanVersion(models.Model):
    """One version of the routing plan. One is in use, at most one is a draft; what was published never changes.

    `content` names queues, teams, sites and skills by their keys; `plans.reading` says what it may hold. `base` is
    the version that a draft was begun from, `saved` grows with each save, so that nobody writes over another's.
    """

    number = models.PositiveIntegerField(unique=True)
    content = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=PlanState.choices, default=PlanState.DRAFT)
    note = models.CharField(_("What changed"), max_length=300, blank=True)
    base = models.PositiveIntegerField(default=0)
    saved = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    published_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="draft"), name="plans_one_draft"),
            models.UniqueConstraint(fields=["state"], condition=models.Q(state="published"), name="plans_one_in_use"),
        ]


class Borrowing(models.Model):
    """People of one queue help another just now; the row goes when they are let go."""

    borrower = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="borrowings")
    lender = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="lendings")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["borrower", "lender"], name="borrowings_once")]


class PlanTrial(models.Model):
    """A long day that somebody tries the plan on just now: how far it has come, and whether they have had enough of it."""

    key = models.CharField(max_length=64, primary_key=True)
    share = models.FloatField(default=0)
    stops = models.BooleanField(default=False)
    began_at = models.DateTimeField()
