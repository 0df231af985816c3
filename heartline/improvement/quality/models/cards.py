"""Scorecards, and the versions of what they ask."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from heartline.improvement.quality.rules.card import Card, read
from heartline.people.models import Person, Queue
from heartline.people.models.organisation import CHANNELS, InTwoLanguages

__all__ = ["CHANNELS", "CardVersion", "Scorecard"]


class Scorecard(InTwoLanguages):
    """What good work is on some channels and queues; with none named, on all of them."""

    channels = models.JSONField(_("Channels"), default=list, blank=True)
    queues = models.ManyToManyField(Queue, related_name="scorecards", blank=True, verbose_name=_("Queues"))
    is_active = models.BooleanField(default=True)
    is_sample = models.BooleanField(default=False, editable=False)
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["-is_active", "id"]

    @property
    def channel_names(self) -> list[str]:
        """The channels it is used on, in the reader's language."""
        return [str(name) for key, name in CHANNELS if key in self.channels]


class CardVersion(models.Model):
    """What a card asks, as a document (see `rules.card`). Once it is published nothing changes it any more.

    A card has at most one version that is being written; reviews only ever point at published ones.
    """

    card = models.ForeignKey(Scorecard, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField(default=dict)
    saved = models.PositiveIntegerField(default=0)
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(Person, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["card", "number"]
        constraints = [
            models.UniqueConstraint(fields=["card", "number"], name="quality_version_number_once"),
            models.UniqueConstraint(
                fields=["card"], condition=Q(published_at__isnull=True), name="quality_one_version_in_writing"
            ),
        ]

    def asks(self) -> Card:
        """Return what this version asks."""
        return read(self.content)
