"""What each half hour of a line was like: made from the ledger, and made again from it at any time."""

from __future__ import annotations

from django.db import models

from heartline.people.models import Queue
from heartline.people.models.organisation import CHANNELS


class HalfHour(models.Model):
    """A queue on a channel in half an hour: how many were answered or left after what waits, how many took up a place for how long."""

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="+")
    channel = models.CharField(max_length=20, choices=CHANNELS)
    starts_at = models.DateTimeField()
    answered = models.PositiveIntegerField(default=0)
    left = models.PositiveIntegerField(default=0)
    served = models.PositiveIntegerField(default=0)
    served_seconds = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["queue", "channel", "starts_at"], name="waits_one_row_per_half_hour")
        ]
        indexes = [models.Index(fields=["starts_at"], name="waits_by_time")]


class Counted(models.Model):
    """Up to where the half hours are settled; one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    upto = models.DateTimeField()
