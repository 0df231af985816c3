"""A call we owe, and each attempt at it. The number stands in the follow-up, where erasure reaches it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models import Contact
from heartline.people.models import Person


class Call(models.Model):
    """What is special about a contact by which we call: the time chosen, how often we tried, when we try again.

    Its place in line is the contact's `asked_at` and never changes; `contact.due_at` is when it may be offered.
    """

    STATES = (
        ("open", _("Open")),
        ("reached", _("Reached")),
        ("given_up", _("Not reached")),
        ("called_off", _("Called off by the customer")),
    )

    contact = models.OneToOneField(Contact, on_delete=models.CASCADE, primary_key=True, related_name="call")
    slot_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=STATES, default="open")
    late_told_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "slot_at"], name="callbacks_by_slot")]


class Try(models.Model):
    """One attempt to reach a customer: who rang, when, and what came of it."""

    OUTCOMES = (
        ("reached", _("Reached")),
        ("no_answer", _("No answer")),
        ("busy", _("Engaged")),
        ("voicemail", _("Voicemail")),
        ("wrong_number", _("Wrong number")),
    )

    call = models.ForeignKey(Call, on_delete=models.CASCADE, related_name="attempts")
    person = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(max_length=12, choices=OUTCOMES)
    at = models.DateTimeField()
    again_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["at", "id"]
