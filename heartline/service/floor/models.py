"""What the floor keeps: how many asked in each hour, so that an hour can be held against the same hour of other weeks."""

from __future__ import annotations

from django.db import models

from heartline.people.models import Queue
from heartline.people.models.organisation import CHANNELS


class HourCount(models.Model):
    """What came to a queue on a channel in one hour of its site's clock. Hours in which nobody came have no row.

    `judged` and `in_time` are those of the service level as the catalogue of figures defines it. What happens later than
    a day after the asking is not counted any more.
    """

    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="hours")
    channel = models.CharField(max_length=20, choices=CHANNELS)
    starts_at = models.DateTimeField()
    offered = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    judged = models.PositiveIntegerField()
    in_time = models.PositiveIntegerField()
    longest_seconds = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["starts_at"], name="floor_hours_at")]
        constraints = [
            models.UniqueConstraint(fields=["queue", "channel", "starts_at"], name="floor_hours_once"),
        ]


class Counted(models.Model):
    """How far hours are counted for good: one row. What comes after is counted again until a day has passed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    upto = models.DateTimeField()
