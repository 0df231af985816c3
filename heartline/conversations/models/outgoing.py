"""Replies that have not gone yet: held for a moment so that they can be taken back, or planned for later."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models.case import Case
from heartline.conversations.models.contact import Contact
from heartline.people.models import Person


class Outgoing(models.Model):
    """A reply on its way. It becomes a message at `due_at`, with the same `client_key`, so that it cannot become two.

    `why` is undo (held for some seconds) or later (planned). `state` is waiting, sent, cancelled, stopped (the customer
    wrote first) or failed (`problem` says why). `after` is the state the case gets in the same move.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="outgoing")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="outgoing")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="outgoing")
    body = models.TextField(blank=True)
    client_key = models.CharField(max_length=64)
    why = models.CharField(max_length=8)
    after = models.CharField(max_length=20, blank=True)
    stop_if_answered = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, default="waiting")
    problem = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=0)
    message = models.ForeignKey("conversations.Message", on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="waiting"), name="outgoing_due"),
            models.Index(fields=["case", "state"], name="outgoing_by_case"),
        ]
        constraints = [models.UniqueConstraint(fields=["contact", "client_key"], name="outgoing_key_once")]


class WritingSettings(models.Model):
    """How long a reply is held before it goes, for the whole installation: one row."""

    hold_chat_seconds = models.PositiveSmallIntegerField(
        _("Hold chat replies for (seconds)"), default=0, validators=[MaxValueValidator(30)]
    )
    hold_message_seconds = models.PositiveSmallIntegerField(
        _("Hold other replies for (seconds)"), default=10, validators=[MaxValueValidator(30)]
    )
    is_sample = False  # a setting of the house stays when the sample company goes

    def __str__(self) -> str:
        return self.name_in("en")

    def name_in(self, _language: str) -> str:
        """Return what the audit log calls it."""
        return "Writing"

    def hold_for(self, channel: str) -> int:
        """Return for how many seconds a reply on a channel is held."""
        return self.hold_chat_seconds if channel == "webchat" else self.hold_message_seconds
