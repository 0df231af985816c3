"""How often something was asked, counted where every web process sees it."""

from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """How often a key was used in one window of time. Rows of past windows are swept away."""

    key = models.CharField(max_length=120)
    window = models.BigIntegerField()
    count = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["ends_at"], name="people_rate_ends")]
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="people_rate_once")]
