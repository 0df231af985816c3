"""What people keep for themselves at the desk: views of the inbox, and how they want to be told."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from heartline.people.models import Person, Team


class InboxView(models.Model):
    """A named narrowing of the inbox. With a person it is theirs alone, with a team the team's, else everybody's."""

    name = models.CharField(_("Title"), max_length=60)
    filters = models.JSONField(default=dict)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, blank=True, related_name="inbox_views")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, null=True, blank=True, related_name="inbox_views")
    is_sample = models.BooleanField(default=False, editable=False)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(person__isnull=True) | models.Q(team__isnull=True), name="inbox_views_one_level"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Notices(models.Model):
    """How one person wants to be told: by sound and outside the page, of what is theirs and of what waits for the team."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="notices")
    sound_yours = models.BooleanField(default=True)
    sound_team = models.BooleanField(default=False)
    outside_yours = models.BooleanField(default=True)
    outside_team = models.BooleanField(default=False)
