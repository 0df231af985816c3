"""What is owed to customers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models import Case, Contact
from heartline.people.models import Person


class FollowUp(models.Model):
    """Something we owe a customer: who, what, by when; open until it is done with an outcome.

    `what` is in the customer's words where there are any. `warn_at` is when the owner is told that it is nearly
    due; `warned_at` and `late_at` say that this happened and are set once, so no clock fires twice.
    """

    KINDS = (("low_score", _("Low score")), ("callback", _("Callback")))

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follow_ups")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="follow_ups")
    kind = models.CharField(max_length=12, choices=KINDS)
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="follow_ups")
    owner_why = models.CharField(max_length=12, blank=True)
    what = models.CharField(max_length=1000, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    due_at = models.DateTimeField()
    warn_at = models.DateTimeField()
    state = models.CharField(max_length=6, default="open", choices=[("open", _("Open")), ("done", _("Done"))])
    outcome = models.CharField(max_length=1000, blank=True)
    opened_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    late_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    # The case it came from when cases were merged: then one of a kind may stand beside another.
    came_from = models.PositiveBigIntegerField(default=0)
    done_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="follow_ups_due"),
            models.Index(fields=["state", "warn_at"], name="follow_ups_warn"),
            models.Index(fields=["owner", "state", "due_at"], name="follow_ups_by_owner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind", "came_from"],
                condition=models.Q(state="open"),
                name="follow_ups_one_open_of_a_kind",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", done_at=None) | (models.Q(state="done") & ~models.Q(outcome="")),
                name="follow_ups_done_with_an_outcome",
            ),
        ]


class Addition(models.Model):
    """More about a follow-up that was open already: what else the customer said or asked, and when."""

    follow_up = models.ForeignKey(FollowUp, on_delete=models.CASCADE, related_name="additions")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="+")
    what = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "id"]
