"""What the floor keeps: how many asked in each hour, what supervisors told everybody, and what they told one."""

from __future__ import annotations

from django.db import models

from heartline.conversations.models import Contact
from heartline.people.models import Person, Queue, Team
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


class Announcement(models.Model):
    """What a supervisor tells teams, or everybody. It stands on the desk until read, and not beyond its time."""

    text = models.CharField(max_length=500)
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="announcements")
    author_name = models.CharField(max_length=200)
    everybody = models.BooleanField(default=False)
    teams = models.ManyToManyField(Team, related_name="announcements", blank=True)
    at = models.DateTimeField()
    expires_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="floor_announced")]


class AnnouncementRead(models.Model):
    """Somebody has read an announcement."""

    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="reads")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["announcement", "person"], name="floor_read_once")]


class Whisper(models.Model):
    """What a supervisor tells whoever serves a contact, while they serve it.

    It is no message of the contact: what is read for customers never looks here.
    """

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="whispers")
    author = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")
    author_name = models.CharField(max_length=200)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="whispers")
    body = models.TextField()
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "read_at"], name="floor_whispers_unread")]
