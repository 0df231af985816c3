"""How long what was said is kept."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.people.models.organisation import CHANNELS


class RetentionRule(models.Model):
    """After how many days the words and files of ended contacts of a channel go; without a row they stay."""

    channel = models.CharField(_("Channel"), max_length=20, choices=CHANNELS, unique=True)
    days = models.PositiveIntegerField(_("Kept for (days)"), validators=[MinValueValidator(30)])
    is_sample = models.BooleanField(default=False, editable=False)

    def name_in(self, language: str) -> str:
        """Return what the audit log calls this rule."""
        return f"{self.channel}: {self.days}"


class RetentionRun(models.Model):
    """A sweep that removed something: how many contacts of which channel."""

    at = models.DateTimeField()
    channel = models.CharField(max_length=20)
    contacts = models.PositiveIntegerField()
    older_than = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-id"]
