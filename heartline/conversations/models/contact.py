"""Contacts: one interaction on one channel, who served it, and what was handed over."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.common.indexes import indexed_where_known
from heartline.conversations.models.case import Case
from heartline.customers.models import Customer
from heartline.people.models import Person, Queue
from heartline.people.models.organisation import CHANNELS


class ContactState(models.TextChoices):
    """States of a contact; moves between them are in `rules.CONTACT`."""

    WAITING = "waiting", _("Waiting")
    ACTIVE = "active", _("Being served")
    WRAP_UP = "wrap_up", _("Wrap-up")
    ENDED = "ended", _("Ended")
    ABANDONED = "abandoned", _("Left before being served")


class Contact(models.Model):
    """One interaction with a start and an end.

    `asked_at` is when the customer first asked; it never changes, whatever transfers follow (guarantee: a wait
    is never reset). `turn` says whose move it is. `version` grows with each change of state: writers compare it.
    `opened_as` is the record in whose name it was opened when customers were merged since; see `voices`.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="contacts")
    channel = models.CharField(max_length=20, choices=CHANNELS)
    queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="contacts", db_index=False)
    language = models.CharField(max_length=10)
    needs = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=ContactState.choices, default=ContactState.WAITING)
    version = models.PositiveIntegerField(default=0)
    assignee = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="contacts", db_index=False)
    preferred = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    turn = models.CharField(max_length=10, default="ours", choices=[("ours", _("Ours")), ("theirs", _("Theirs"))])
    turn_since = models.DateTimeField()
    last_text = models.CharField(max_length=160, blank=True)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    first_reply_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=10, blank=True)
    transfers = models.PositiveSmallIntegerField(default=0)
    told_wait_low = models.PositiveIntegerField(null=True)
    told_wait_high = models.PositiveIntegerField(null=True)
    came_from = models.CharField(max_length=300, blank=True)
    opened_as = models.PositiveBigIntegerField(null=True, editable=False)
    visitor_seen_at = models.DateTimeField(null=True)
    visitor_read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "queue"], name="contacts_by_state"),
            models.Index(fields=["assignee", "state"], name="contacts_by_assignee"),
            models.Index(fields=["case", "asked_at"], name="contacts_by_case"),
            models.Index(fields=["queue", "answered_at"], name="contacts_by_answer"),
            indexed_where_known("preferred", "contacts_by_preferred"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "abandoned"], assignee__isnull=True)
                | models.Q(state__in=["active", "wrap_up", "ended"]),
                name="contacts_waiting_has_no_assignee",
            )
        ]

    @property
    def is_sample(self) -> bool:
        """Whether this belongs to the sample company."""
        return self.case.is_sample


class Assignment(models.Model):
    """A stretch of time in which a contact was one person's: work is credited to who did it."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="assignments")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="assignments")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact"], condition=models.Q(ended_at__isnull=True), name="contacts_one_live_assignment"
            )
        ]


class HandoverCard(models.Model):
    """What travels with a transfer so that nobody has to tell it twice."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="handovers")
    from_person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    to_person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    to_queue = models.ForeignKey(Queue, on_delete=models.PROTECT, related_name="+")
    wants = models.TextField()
    tried = models.TextField(blank=True)
    promised = models.TextField(blank=True)
    do_not_ask = models.TextField(blank=True)
    at = models.DateTimeField()
    accepted_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]


class Participant(models.Model):
    """Somebody besides the assignee who is in a contact: a supervisor who joined, an expert who was asked."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="participations")
    role = models.CharField(
        max_length=10, choices=[("joined", _("Joined")), ("expert", _("Expert")), ("mentioned", _("Mentioned"))]
    )
    may_reply = models.BooleanField(default=False)  # an expert whom their asker lets write to the customer
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "person"], condition=models.Q(left_at__isnull=True), name="contacts_joined_once"
            )
        ]
