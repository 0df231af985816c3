"""Coaching notes: what was talked about, from which messages, and what comes next."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.conversations.models import Contact, Message
from heartline.improvement.quality.models.reviews import Review
from heartline.people.models import Person


class CoachingNote(models.Model):
    """A talk between an agent and whoever coaches them.

    With a contact it belongs to that contact's customer, too: its words go when the customer is erased.
    """

    about = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="coaching_notes")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, null=True, related_name="coaching_notes")
    review = models.ForeignKey(Review, on_delete=models.SET_NULL, null=True, related_name="coaching_notes")
    messages = models.ManyToManyField(Message, related_name="+", blank=True)
    text = models.TextField(_("What we talked about"))
    next_step = models.CharField(_("Next step"), max_length=300, blank=True)
    due_on = models.DateField(_("Until"), null=True, blank=True)
    agents_words = models.TextField(blank=True)
    at = models.DateTimeField()
    agreed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    outcome = models.TextField(blank=True)

    class Meta:
        ordering = ["-at", "-id"]
