"""What is owed to customers."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models import Case, Contact
from heartline.people.models import Person


class FollowUp(models.Model):
    """Something we owe a customer: who, what, by when; open until it is done with an outcome."""

    KINDS = (("low_score", _("Low score")), ("callback", _("Callback")))

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follow_ups")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="follow_ups")
    kind = models.CharField(max_length=12, choices=KINDS)
    owner = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="follow_ups")
    what = models.CharField(max_length=300)
    due_at = models.DateTimeField()
    state = models.CharField(max_length=6, default="open", choices=[("open", _("Open")), ("done", _("Done"))])
    outcome = models.CharField(max_length=1000, blank=True)
    opened_at = models.DateTimeField()
    warned_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "due_at"], name="follow_ups_due"),
            models.Index(fields=["owner", "state", "due_at"], name="follow_ups_by_owner"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case", "kind"], condition=models.Q(state="open"), name="follow_ups_one_open_of_a_kind"
            )
        ]
