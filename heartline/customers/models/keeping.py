"""How long what was said, and what other systems told, is kept."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.people.models.organisation import CHANNELS

OUTSIDE = "outside"
# What a rule can be about: the words of a channel, or what other systems told of customers.
KEPT = (*CHANNELS, (OUTSIDE, _("Events from other systems")))


class RetentionRule(models.Model):
    """After how many days the words and files of ended contacts of a channel, or events from outside, go; else they stay."""

    channel = models.CharField(_("Channel"), max_length=20, choices=KEPT, unique=True)
    days = models.PositiveIntegerField(_("Kept for (days)"), validators=[MinValueValidator(30)])
    is_sample = models.BooleanField(default=False, editable=False)

    def name_in(self, language: str) -> str:
        """Return what the audit log calls this rule."""
        return f"{self.channel}: {self.days}"


class RetentionRun(models.Model):
    """A sweep that removed something: how many contacts of which channel, or how many events from outside."""

    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    contacts = models.PositiveIntegerField()
    older_than = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
