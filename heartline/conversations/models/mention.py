"""Mentions: a colleague called by name in a note."""

from __future__ import annotations

from django.db import models

from heartline.conversations.models.case import Case
from heartline.conversations.models.message import Message
from heartline.people.models import Person


class Mention(models.Model):
    """Somebody of ours was called in a note, and has read it or not."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="mentions")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="mentions")
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["person", "-at"], condition=models.Q(read_at__isnull=True), name="mentions_unread")
        ]
        constraints = [models.UniqueConstraint(fields=["message", "person"], name="mentions_once")]
